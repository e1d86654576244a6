"""The categories that every installation starts with (YX1, PD2a, SQ4a, ER12a), with rations.

Rations per person and day: Quanzhou, 16 March 2022; rice, flour and noodles share that of grain, pork and
sausage that of meat.
"""

from __future__ import annotations

from lastmetre.ground.goods.drafts import NewCategory
from lastmetre.terms import say

GROUP_NAMES = {
    "grain": say("grain"),
    "oil": say("oil"),
    "meat": say("meat"),
    "vegetables": say("vegetables"),
    "eggs": say("eggs"),
}
RATIONS_G = {"grain": 350, "oil": 50, "meat": 115, "vegetables": 400, "eggs": 60}


def _category(
    order: int, code: str, name: str, english: str, group: str = "", *, watched: bool = False
) -> NewCategory:
    return NewCategory(code, name, english, watched, RATIONS_G.get(group), group, order)


CATEGORIES = (
    # YX1: watched
    _category(10, "rice", "大米", "Rice", "grain", watched=True),
    _category(11, "flour", "面粉", "Flour", "grain", watched=True),
    _category(12, "oil", "食用油", "Edible oil", "oil", watched=True),
    _category(13, "vegetables", "蔬菜", "Vegetables", "vegetables", watched=True),
    _category(14, "eggs", "鸡蛋", "Eggs", "eggs", watched=True),
    _category(15, "pork", "猪肉", "Pork", "meat", watched=True),
    _category(16, "ham_sausage", "火腿肠", "Ham sausage", "meat", watched=True),
    _category(17, "instant_noodles", "方便面", "Instant noodles", "grain", watched=True),
    _category(18, "water", "瓶装水", "Bottled water", watched=True),
    # PD2a, ER12a
    _category(30, "fruit", "水果", "Fruit"),
    _category(31, "bean_products", "豆制品", "Bean products"),
    _category(32, "noodles", "面条面点", "Noodles and buns", "grain"),
    _category(33, "milk", "牛奶", "Milk"),
    _category(34, "condiments", "油盐酱醋", "Condiments"),
    _category(35, "cooked_meals", "熟食", "Cooked meals"),
    _category(36, "daily_use", "日用品", "Daily-use goods"),
    # PD2a, SQ4a
    _category(50, "masks", "口罩", "Masks"),
    _category(51, "wipes", "消毒纸巾", "Disinfecting wipes"),
    _category(52, "protective_suits", "防护服", "Protective suits"),
    _category(53, "folding_beds", "折叠床", "Folding beds"),
    _category(54, "tents", "帐篷", "Tents"),
    _category(5, "packages", "套餐", "Packages"),  # QZ5
)
