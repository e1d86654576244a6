"""What people write over columns, and what they mean by it."""

from __future__ import annotations

import re
from collections.abc import Collection
from enum import StrEnum

from lastmetre.reading.folding import fold


class Meaning(StrEnum):
    """What a column holds; the values are the words of a given mapping (`房号=room`)."""

    COMPOUND = "compound"
    LANE = "lane"
    BUILDING = "building"
    UNIT = "unit"
    ROOM = "room"
    ADDRESS = "address"
    PHONE = "phone"
    NAME = "name"
    ORDERED_BY = "ordered_by"
    NUMBER = "number"
    ORDER = "order"
    """Free text: 鸡蛋2板，青菜1份."""
    GOOD = "good"
    SPECIFICATION = "specification"
    QUANTITY = "quantity"
    COUNT = "count"
    """A column of its own for one good, named by its header, with quantities in its cells."""
    SALE_UNIT = "sale_unit"
    PRICE = "price"
    AMOUNT = "amount"
    TOTAL = "total"
    REFUND = "refund"
    FREIGHT = "freight"
    DISCOUNT = "discount"
    PAID = "paid"
    STATUS = "status"
    NOTE = "note"
    HEAD_COUNT = "head_count"
    FLOOR = "floor"
    FLOORS = "floors"
    LIFT = "lift"
    CODE = "code"
    ALIASES = "aliases"
    CASE_SIZE = "case_size"
    LIMIT = "limit"
    WEIGHT = "weight"
    VOLUME = "volume"
    STOCK = "stock"
    CONTENTS = "contents"
    SUBSTITUTES = "substitutes"
    STEP = "step"
    IGNORE = "ignore"


HOME = (Meaning.LANE, Meaning.BUILDING, Meaning.UNIT, Meaning.ROOM, Meaning.ADDRESS)
ORDERS = frozenset(
    (
        *HOME,
        *(Meaning.COMPOUND, Meaning.PHONE, Meaning.NAME, Meaning.ORDERED_BY, Meaning.NUMBER, Meaning.ORDER),
        *(Meaning.GOOD, Meaning.SPECIFICATION, Meaning.QUANTITY, Meaning.SALE_UNIT, Meaning.PRICE),
        *(Meaning.AMOUNT, Meaning.TOTAL, Meaning.REFUND, Meaning.FREIGHT, Meaning.DISCOUNT, Meaning.PAID),
        *(Meaning.STATUS, Meaning.NOTE, Meaning.CODE),
    )
)
ROSTER = frozenset(
    (
        *HOME,
        *(Meaning.COMPOUND, Meaning.PHONE, Meaning.NAME, Meaning.HEAD_COUNT),
        *(Meaning.FLOOR, Meaning.FLOORS, Meaning.LIFT),
    )
)
OFFER = frozenset(
    (
        *(Meaning.CODE, Meaning.GOOD, Meaning.ALIASES, Meaning.SPECIFICATION, Meaning.SALE_UNIT),
        *(Meaning.PRICE, Meaning.CASE_SIZE, Meaning.LIMIT, Meaning.WEIGHT, Meaning.VOLUME),
        *(Meaning.CONTENTS, Meaning.SUBSTITUTES, Meaning.STEP),
    )
)
STOCK = frozenset((Meaning.CODE, Meaning.GOOD, Meaning.SPECIFICATION, Meaning.STOCK, Meaning.QUANTITY))

_HEADERS = (
    (
        Meaning.IGNORE,
        (
            "服务小区(?:联系人|电话|地址|所属团长).*|团长(?!备注).*|团购标题|物流.*|.*(?:时间|日期)|图片|链接|分类"
        ),
    ),
    (Meaning.STATUS, "(?:订单|售后)?状态"),
    (Meaning.PAID, "(?:支付|付款|收款)(?:状态|情况)?|(?:是否)?(?:已)?(?:付款|支付|付钱)|已付"),
    (Meaning.NUMBER, "序号|编号|跟团号|接龙号|订单(?:编)?号|号数|行号|no|id"),
    (Meaning.ORDERED_BY, "下单(?:人|用户)|(?:微信|群|买家)?昵称|微信名|微信号?|接龙人|团员"),
    (
        Meaning.NAME,
        (
            "收[货件]人(?:姓名)?|(?:客户|业主|住户|居民)?(?:姓名|名字)|联系人|户主(?:姓名)?|业主|"
            "称呼|住户|居民|name"
        ),
    ),
    (Meaning.PHONE, ".*(?:电话|手机|联系方式|手机号码?|tel|phone)(?:号码?)?"),
    (Meaning.LANE, "弄|弄号|弄堂号?"),
    (Meaning.COMPOUND, "(?:服务|所在|所属)?小区(?:名称|名)?|[自提]提货?点|提货点|楼盘"),
    (
        Meaning.BUILDING,
        (
            "(?:楼|楼栋|栋|幢|门栋|楼幢|座|楼宇|楼座|几号楼|号楼|楼栋号|几栋|building)(?:号|号码)?|"
            "楼(?:栋|宇)?名称?"
        ),
    ),
    (Meaning.UNIT, "(?:几?单元|梯|门洞|楼道|楼门|unit)号?"),
    (Meaning.ROOM, "(?:房|室|户|房间|房屋|几室|门)(?:号|号码)?|门牌号?|户室号|room"),
    (
        Meaning.ADDRESS,
        ("(?:详细|收货|家庭|送货|具体|配送|居住|收件)?(?:地址|住址)(?:信息)?|住处|住所|address"),
    ),
    (Meaning.HEAD_COUNT, "(?:家庭|常住|居住|在住|现住)?(?:人数|人口)(?:数)?|几口人|people"),
    (Meaning.FLOOR, "(?:所在|所住)?楼?层"),
    (Meaning.FLOORS, "总?(?:楼)?层数|总楼层|floors"),
    (Meaning.LIFT, "(?:有无|是否有|有没有)?电梯|lift"),
    (Meaning.CODE, "代[码号]|(?:商品|货品|套餐|物资)?(?:编码|代码)|货号|套餐号|code"),
    (Meaning.ALIASES, "别名|又名|俗称|别称|aliases"),
    (Meaning.CASE_SIZE, "每箱(?:数量?|件数|份数|装)?|箱规|装箱(?:数|规格)?|整箱数量?|case_size"),
    (Meaning.LIMIT, "(?:每户|单户|每家)?(?:限购|限量)(?:数量?|份数)?|limit"),
    (Meaning.STOCK, ".*库存.*|现货|现有(?:数量)?|可供(?:数量)?|到货(?:数量)?|实到(?:数量)?|stock"),
    (Meaning.SUBSTITUTES, "替[代换](?:品|商品)?|可替[代换](?:商品)?|substitutes"),
    (Meaning.STEP, "最小单位|起售|步长|step"),
    (Meaning.WEIGHT, "(?:单[份件]|每份)?(?:重量|净重|毛重)|weight_g"),
    (Meaning.VOLUME, "体积|容积|volume_ml"),
    (Meaning.CONTENTS, "内容|(?:套餐)?(?:内容|明细)|包含|contents"),
    (
        Meaning.ORDER,
        (
            "订单|清单|"
            "(?:订购|订单|接龙|购买|下单|采购|团购|所需)(?:清单|内容|商品|明细|物资|信息|情况)?|"
            "(?:物资|商品|物品|买菜)(?:需求|清单)|需求(?:清单|物资)?|所需(?:物品|商品)|order"
        ),
    ),
    (Meaning.GOOD, "(?:商品|货品|物品|产品|菜品|物资|套餐)(?:名称?)?|品名|品种|名称|name"),
    (Meaning.SPECIFICATION, "(?:商品)?规格|型号|包装|净含量|specification"),
    (Meaning.QUANTITY, "(?:订购|购买|商品|下单|销售)?(?:数量|份数|件数|个数)|数|qty"),
    (Meaning.SALE_UNIT, "(?:计量|销售)?单位|unit"),
    (Meaning.PRICE, "(?:团当前|商品|团购|销售)?(?:单价|价格|售价)|团购价|现价|price_(?:yuan|fen)"),
    (
        Meaning.TOTAL,
        ("订单(?:总)?金额|总金额|合计(?:金额)?|总计(?:金额)?|实付(?:金额|款)?|应付(?:金额|款)?"),
    ),
    (Meaning.AMOUNT, "(?:商品)?(?:总)?金额|小计|总价"),
    (Meaning.REFUND, "(?:订单)?退款(?:总)?(?:金额)?"),
    (Meaning.FREIGHT, "运费|配送费|邮费"),
    (Meaning.DISCOUNT, "优惠(?:总)?(?:金额)?|折扣|减免"),
    (
        Meaning.NOTE,
        (
            "(?:团员|团长|买家|订单|顾客)?(?:备注|留言)(?:信息)?|说明|"
            "(?:特殊|其他)(?:要求|需求|说明)|要求|忌口|note"
        ),
    ),
)
"""Patterns of whole headers; the first that fits decides."""
_EXACT = tuple((meaning, re.compile(pattern, re.IGNORECASE)) for meaning, pattern in _HEADERS)
# Questionnaires ask in sentences: 请问您住几号楼？ 您的手机号是多少
_ASKED = (
    (Meaning.PHONE, re.compile("电话|手机|联系方式")),
    (Meaning.HEAD_COUNT, re.compile("几口人|几个人|多少人|人数")),
    (Meaning.ADDRESS, re.compile("地址|住址")),
    (Meaning.BUILDING, re.compile("楼号|楼栋|栋号|号楼|几栋|几幢|门栋|哪[一栋]?栋")),
    (Meaning.UNIT, re.compile("单元")),
    (Meaning.ROOM, re.compile("房号|室号|房间|门牌|户号|几室")),
    (Meaning.NAME, re.compile("姓名|怎么称呼|您贵姓|收货人")),
    (Meaning.ORDER, re.compile("需要什么|要买什么|订购|清单|购买(?:内容|商品)|需求")),
    (Meaning.NOTE, re.compile("备注|留言|忌口")),
)
_PARTS = (re.compile("[楼栋幢座](?!层)"), re.compile("单元"), re.compile("[室房户](?!主)|门牌"))
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]")
_ORDINAL = re.compile(r"^(?:\d+|[一二三四五六七八九十]+)\s*[.,)]\s*(?=\D)|^[*#\s]+|[\s:?*]+$")
_LONGEST_HEADER = 40


def plain_header(header: str) -> str:
    """Return a header without brackets, numbering, stars and spaces: `*3、房号（如606）:` -> `房号`."""
    text = _BRACKETS.sub("", fold(header)).strip()
    for _ in range(2):
        text = _ORDINAL.sub("", text)
    return re.sub(r"\s", "", text).casefold()


def meaning_of(header: str, wanted: Collection[Meaning]) -> Meaning | None:
    """Return what a header means in a table of this kind; None where it cannot be told."""
    text = plain_header(header)
    if not text or len(text) > _LONGEST_HEADER:
        return None
    allowed = (*wanted, Meaning.IGNORE)
    for meaning, pattern in _EXACT:
        if meaning in allowed and pattern.fullmatch(text):
            return meaning
    if Meaning.ADDRESS in wanted and sum(1 for part in _PARTS if part.search(text)) > 1:
        return Meaning.ADDRESS  # 楼栋房号, 几栋几单元几室
    for meaning, pattern in _ASKED:
        if meaning in wanted and pattern.search(text):
            return meaning
    return None
