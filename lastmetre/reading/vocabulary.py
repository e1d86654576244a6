"""The words of order texts: units, titles, surnames, morphemes of goods and of wishes.

Chinese compounds carry their meaning at the end (红富士冰糖心, 云谷): whether an unknown word is a good, a
place or a nickname is judged by such morphemes, and what they leave open becomes a doubt.
"""

from __future__ import annotations

import re
from importlib.resources import files

WEIGHT_GRAMS = {
    "公斤": 1000,
    "千克": 1000,
    "kg": 1000,
    "KG": 1000,
    "Kg": 1000,
    "斤": 500,
    "市斤": 500,
    "两": 50,
    "克": 1,
    "g": 1,
    "G": 1,
}
"""Grams in a unit of weight; 两 is 50 g only behind a number."""
VOLUME_ML = {"ml": 1, "ML": 1, "mL": 1, "Ml": 1, "毫升": 1, "升": 1000, "L": 1000}
MEASURES = tuple(WEIGHT_GRAMS) + tuple(VOLUME_ML) + ("cm", "mm", "寸", "厘米", "抽", "层", "度", "号电池")
"""Units that describe a good as often as they count it."""

_COUNTS = (
    "份儿 份 箱 件 板 版 提 袋 包 盒 瓶 罐 桶 个 只 条 串 把 颗 棵 根 支 枝 块 片 枚 套 打 组 捆 筐 篮 卷 "
    "听 杯 碗 头 扎 朵 双 张 单 样 盘 筒 兜 网 刀 排 联 托 粒 壶 盆 客 副 付 对 尾 坛 匹 箩 篓 节 饼 大包 小包 "
    "大袋 小袋 大箱 小箱 整箱 大盒 小盒 大瓶 小瓶 大桶 小桶 中包 中袋 连包"
).split()
CONTAINERS = frozenset("份 箱 件 板 版 提 袋 包 盒 瓶 罐 桶 套 打 组 捆 筐 篮 扎 兜 网 托 单 篓".split())
UNITS = sorted({*_COUNTS, *WEIGHT_GRAMS, *VOLUME_ML}, key=len, reverse=True)
_NOT_BEFORE = {"套": "餐", "单": "元", "包": "子", "个": "[人月]", "条": "件", "饼": "[干子]"}
UNIT = "|".join(
    re.escape(unit) + (f"(?!{_NOT_BEFORE[unit]})" if unit in _NOT_BEFORE else "") for unit in UNITS
)

TITLES = (
    "阿姨 叔叔 大叔 爷叔 伯伯 大伯 姐姐 大姐 哥哥 大哥 先生 女士 小姐 太太 老师 师傅 医生 奶奶 爷爷 妈妈 爸爸 "
    "外婆 外公 婆婆 公公 老伯 大爷 大妈 大娘 嫂子 阿婆 阿公 同学 同志 主任 家属 老太 宝妈 妈咪 姐 哥 叔 伯 婶 "
    "嫂 姨 爷 奶 妈 爸 总 家 某"
).split()
_SURNAMES = (
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马"
    "苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元顾孟平黄和穆萧尹姚邵湛汪祁毛"
    "禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡"
    "凌霍虞万支柯管卢莫经房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉龚程邢裴陆荣翁荀羊惠甄曲封储靳段焦巴弓牧谷车"
    "侯宓蓬全班仰秋仲伊宫宁仇栾甘厉戎祖武符刘景詹束龙叶幸司黎薄印白蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘"
    "党翟谭贡劳姬申扶堵冉宰雍桑桂牛寿通边扈燕冀浦尚农温别庄晏柴瞿阎充慕连茹习艾鱼容向古易慎戈廖庾终暨居衡步都耿"
    "满弘匡国文寇广东欧沃利蔚越师巩聂晁勾敖融冷辛阚那简饶空曾沙丰关相查后荆红游竺权盖益桓公"
)
SURNAMES = frozenset(_SURNAMES)

FOOD = files("lastmetre.reading").joinpath("food.txt").read_text("utf-8").split()
"""Morphemes of goods, food.txt: a word that ends in one names a good; longer ones may stand anywhere in it."""
_FOOD_HEAD = re.compile(
    "(?:"
    + "|".join(sorted(map(re.escape, FOOD), key=len, reverse=True))
    + r")(?:[子儿片段块丝丁粒条团馅味球圈干串]|大份|小份)?$"
)
_FOOD_ANY = re.compile("|".join(sorted((word for word in FOOD if len(word) > 1), key=len, reverse=True)))

_TITLED = re.compile("[一-鿿](?:" + "|".join(title for title in TITLES if len(title) > 1) + ")$")

DEFAULT_GOOD = "套餐"
"""What an order means when it names no good: the round's only one."""
DEFAULT_UNIT = "份"

EMOJI_WORDS = {
    "🐮": "牛",
    "🐂": "牛",
    "🐄": "牛",
    "🐷": "猪",
    "🐖": "猪",
    "🐔": "鸡",
    "🐓": "鸡",
    "🍗": "鸡腿",
    "🦆": "鸭",
    "🐑": "羊",
    "🐏": "羊",
    "🐟": "鱼",
    "🦐": "虾",
    "🍤": "虾",
    "🦀": "蟹",
    "🥚": "鸡蛋",
    "🥛": "牛奶",
    "🥬": "青菜",
    "🥦": "西兰花",
    "🍅": "番茄",
    "🥔": "土豆",
    "🥕": "胡萝卜",
    "🌽": "玉米",
    "🥒": "黄瓜",
    "🍆": "茄子",
    "🌶": "辣椒",
    "🧅": "洋葱",
    "🧄": "大蒜",
    "🍄": "蘑菇",
    "🍠": "红薯",
    "🍎": "苹果",
    "🍏": "青苹果",
    "🍌": "香蕉",
    "🍊": "橘子",
    "🍋": "柠檬",
    "🍉": "西瓜",
    "🍇": "葡萄",
    "🍓": "草莓",
    "🫐": "蓝莓",
    "🍑": "桃子",
    "🍐": "梨",
    "🥭": "芒果",
    "🍍": "菠萝",
    "🍒": "樱桃",
    "🥝": "猕猴桃",
    "🥑": "牛油果",
    "🍞": "面包",
    "🍚": "米饭",
    "🍜": "面",
    "🍝": "意面",
    "🥩": "牛肉",
    "🥓": "培根",
    "🧀": "奶酪",
    "🧻": "卫生纸",
}
EMOJI = re.compile(
    "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\U000e0020-\U000e007f\ufe0f\u200d\u20e3\U0001f1e6-\U0001f1ff]+"
)

WISH = re.compile(
    r"(?:换成?|自备|自带|放(?:在|到|门)|送到|送上|挂(?:在|到|门)|敲门|挑|尽量|麻烦|谢谢|感谢|辛苦|拜托|另外?|都(?:要?不|要?少|要?多|要|换)|"
    r"有货|没货|缺货|如果|要是|没有?(?:的话|就|了|货)|糖尿病|高血压|痛风|哮喘|透析|肾病|胃病|吃不了|过敏|孕妇|忌口|清真|素食|.{0,4}正常$|.{0,6}过敏|家?[一二三四五六\d]口人|"
    r"(?:少|多|微|中|重|特|不|免|加|去|别放|不放|不加|正常)(?:要)?(?:饭|菜|辣|葱|姜|蒜|香菜|糖|冰|盐|油|甜|麻|醋|酱|汤|肥|吃)|"
    r"不要(?!了)|不吃|不用|不能|少一?点|多一?点|大一?点|小一?点|嫩一?点|晚(?:上|点)|早(?:上|点)|中午|上午|下午|明天|今天|后天|"
    r"全素|纯素|别放|回民|吃素|自取|自提|代收|打包|分开|一起|备注|只要|是)"
    r"|.{1,6}(?:少|多|大|小|嫩|熟|生|软|硬|淡|咸|甜|辣)一?(?:点|些)儿?$|没有?.{1,8}就.|.{1,6}(?:也行|都行|即可|就行|就好|最好)$|(?:米?饭|菜|辣|盐|油|糖|冰)(?:少|多|微|免)$|.*一半$|.*(?:门口|放里面|敲门|打电话|家里|断粮)"
)
"""Words that make a wish and not a good: kept as a note."""
_ADJECTIVE = re.compile(
    r"(?:新鲜|熟(?:一)?点|生(?:一)?点|低糖|低脂|无糖|脱脂|全脂|红的|绿的|大的|小的|甜的|常温|冰的|热的|宝宝|老人)"
)


def is_wish(word: str) -> bool:
    """Say whether the words are a preference or remark (少饭, 米饭换红薯), not a good (新鲜蓝莓, 无糖牛奶)."""
    adjective = _ADJECTIVE.match(word)
    if adjective:
        return not is_good(word[adjective.end() :])
    return bool(WISH.match(word) or re.search(r".换", word))


PLACE_END = re.compile(
    r"(?:[A-Za-z]?[区座栋幢楼门园苑室舍谷府城庭湾村里坊院巷组]|校区|[东西南北]门|宿舍|食堂|大厅)$"
)
PLACE_WORD = "园苑区村坊庭院舍里城湾府邨寓校墅轩阁居"
"""Last characters of the names of places that stand before a building number (友园12)."""


def is_good(word: str) -> bool:
    """Say whether an unknown word names a good by its morphemes (火龙果, 麦辣鸡腿堡); 周奶奶 is none."""
    word = re.sub(r"[(（].*?[)）]", "", word)
    if _TITLED.search(word):
        return False
    return bool(_FOOD_HEAD.search(word) or _FOOD_ANY.search(word))


def is_person(word: str) -> bool:
    """Say whether a word reads as a person: 王阿姨, 老王, 张三, 陈姐; goods such as 白菜 do not."""
    if not 1 <= len(word) <= 8:
        return False
    if any(word.endswith(title) and len(word) > len(title) for title in TITLES) and not is_good(word):
        return True
    if (
        len(word) == 2
        and not is_good(word)
        and (word[0] in "老小阿" or (word[0] == "大" and word[1] in SURNAMES))
    ):
        return True
    return (
        word[0] in SURNAMES and len(word) <= 3 and not is_good(word) and word.isalpha() and not word.isascii()
    )


def plain(word: str) -> str:
    """Drop decorating emoji; a word that is nothing but emoji becomes the words they stand for."""
    kept = EMOJI.sub("", word).strip()
    letters = kept.strip("+/ ")
    if kept and not (len(letters) <= 1 and letters.isascii()):
        return kept
    said = "".join(EMOJI_WORDS.get(sign, "" if EMOJI.match(sign) else sign) for sign in word)
    return said.strip()
