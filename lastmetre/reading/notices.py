"""Messages that are no orders by their shape: form fields, commands, calls to come down, arrivals, offers."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from lastmetre.reading.folding import fold
from lastmetre.reading.numerals import digits, without_letter_zeros
from lastmetre.reading.places import read_address
from lastmetre.terms import Action, Doubt, Item, OrderLine, Place, say

_FIELD = re.compile(
    r"^\s*(?P<name>团员备注|团长备注|买家备注|备注|留言|房号|室号|户号|房间号|房间|门牌号?|楼号|楼栋号?|栋号|幢号|楼栋|门栋|单元号?|弄号|"
    r"小区名?|服务小区|详细地址|收货地址|地址|收货人|联系人|姓名|联系电话|手机号?|电话)\s*(?:\([^)]*\))?\s*[::]\s*(?P<value>.*?)\s*$",
    re.DOTALL,
)
_PART = {
    "room": "房号 室号 户号 房间号 房间 门牌 门牌号",
    "building": "楼号 楼栋 楼栋号 栋号 幢号 门栋",
    "unit": "单元 单元号",
    "lane": "弄号",
}
_PART_OF = {name: part for part, names in _PART.items() for name in names.split()}
_REMARKS = ("团员备注", "团长备注", "买家备注", "备注", "留言")


def read_field(line: OrderLine) -> OrderLine | None:
    """Read a form field such as `房号: 6o2` or `团员备注: 89号601`; None where the text is no field."""
    folded = fold(line.raw)
    match = _FIELD.match(folded)
    if not match:
        return None
    name, value = match["name"], line.raw[match.start("value") : match.end("value")]
    line = replace(line, action=Action.ADDRESS, details={"field": name, "value": value})
    part = _PART_OF.get(name)
    if part:
        return _read_part(line, part, value)
    if name in _REMARKS:
        place = read_address(re.sub(r"^\s*\d+[:：]", "", value))
        spoken = re.search(r"楼号\D{0,4}(\d{1,3}).*?(?:房[间号]|室号)\D{0,4}(\d{3,4})", fold(value))
        if spoken:
            place = Place(value, building=digits(spoken[1]), room=digits(spoken[2]))
        if place.building and place.room:
            return replace(line, place=place)
        unclear = (Doubt("note_unclear", say("Does the note name another home? “{note}”", note=value)),)
        return replace(
            line, action=Action.NONE, note=value, doubts=unclear if re.search(r"\d{3}", value) else ()
        )
    if "地址" in name:
        return replace(line, place=read_address(value))
    if "电话" in name or "手机" in name:
        return replace(line, action=Action.NONE, phone=re.sub(r"\D", "", value))
    if name in ("收货人", "联系人", "姓名"):
        return replace(line, action=Action.NONE, who=value)
    return replace(line, place=Place(value))


def _read_part(line: OrderLine, part: str, value: str) -> OrderLine:
    whole = read_address(value)
    if part != "lane" and "弄" in value and getattr(whole, part):
        return replace(
            line, place=replace(whole, text=value), details={**line.details, "value": getattr(whole, part)}
        )
    if whole.building and whole.room and not whole.building.isalpha() and "/" not in value:
        return replace(line, place=whole)
    if not value or value in "无-—/\\" or value == "没有":
        return line
    text = part_number(value)
    place = replace(Place(value), **{part: text})
    if re.fullmatch(r"\d{1,4}\s*[/,或]\s*\d{1,4}\D?", fold(value)):
        doubt = Doubt("two_homes", say("“{value}” names two homes.", value=value))
        return replace(line, place=Place(value), doubts=(doubt,))
    doubts: tuple[Doubt, ...] = ()
    if not re.fullmatch(r"[A-Za-z]?\d{1,4}[A-Za-z]?", text) and not re.search(r"别墅|[楼座馆厦]$", text):
        doubts = (Doubt("unclear_part", say("“{value}” is no number of a room or building.", value=value)),)
    return replace(line, place=place, doubts=doubts, details={**line.details, "value": text})


def part_number(value: str) -> str:
    """Return the number in a room, building or lane box: `602室`, `6o2`, `56 号`, `紫龙路500弄` -> digits.

    Text without a number (别墅, 商务楼) is returned as typed.
    """
    folded = re.sub(r"(?<![A-Za-z])[lI|](?=\d)|(?<=\d)[lI|](?![A-Za-z])", "1", re.sub(r"\s", "", fold(value)))
    folded = without_letter_zeros(folded.strip(".,;"))
    lane = re.search(r"(\d+|[零一二三四五六七八九十百]+)弄", folded)
    if lane:
        return digits(lane[1])
    number = re.fullmatch(
        r"(?:第|#)?(?P<n>[A-Za-z]?\d+[A-Za-z]?|[零〇一二三四五六七八九十百]+)"
        r"(?:号楼|号|栋|幢|座|楼|单元|门|梯|室|户|房|弄|是|#)*[.]?",
        folded,
    )
    if number:
        return digits(number["n"]).upper()
    return value.strip()


_JOIN = re.compile(r"^\s*(?P<sign>[+-])\s*(?P<group>[A-Za-z]|\d{1,3})(?:\s+(?P<people>\S.*))?$")
_LEAVE = re.compile(r"^\s*(?:退出|退团|离开)\s*(?P<group>[A-Za-z]|\d{1,3})(?:\s+(?P<people>\S.*))?$")
_STATE = re.compile(
    r"^\s*[/!]?\s*(?P<word>结团|结单|收单|关单|封单|截团|截单|成团|封团|关团|结束接龙|接龙结束|停止接龙|开团|开始接龙|列表|查看|清单|帮助|说明)(?:(?<=开团)\s*[:\s]\s*\S.*)?\s*[.!。！]*\s*$"
)


def read_command(line: OrderLine) -> OrderLine | None:
    """Read a group-buying bot's commands: `+N 小明 小華` (join N), `退出 N`, `結團`; None for other texts."""
    folded = fold(line.raw)
    state = _STATE.match(folded)
    if state:
        return replace(line, action=Action.NOTICE, details={"command": state["word"]})
    match = _JOIN.match(folded) or _LEAVE.match(folded)
    if match and match["people"] and re.search(r"\d", match["people"]):
        return None
    if not match or not (match["group"].isalpha() or match["people"] or match.re is _LEAVE):
        return None
    group = match["group"].upper()
    names = line.raw[match.start("people") : match.end("people")].split() if match["people"] else []
    leaves = match.groupdict().get("sign", "-") == "-"
    action = Action.CANCEL if leaves else Action.ORDER
    item = Item(group, None if leaves else Decimal(max(len(names), 1)), "份", code=group, qty_stated=False)
    details = {"leave" if leaves else "join": [group], "people": names}
    return replace(line, action=action, who=" ".join(names), items=(item,), details=details)


_CALL = re.compile(
    r"(?P<floor>\d{1,2})\s*[楼层]\s*(?P<who>[一-鿿]{1,3}?(?:姐|哥|先生|女士|阿姨|叔叔|奶奶|爷爷|老师|家))"
)
_ARRIVAL = re.compile(
    r"^\s*(?:@\S+\s*)?(?:/|#)?\s*(?:已)?(?:送达|到货|已到|到了|送到|已送|发放|完成)\s*[:,]?\s*"
    r"(?P<list>(?:(?:别墅)?\s*\d{1,3}\s*(?:号楼?|栋|幢|#)?(?:\s*[-~到至]\s*\d{1,3})?[\s,]*)+)(?:号楼?|栋|幢)?\s*[.!]?\s*$"
)
_RANGE = re.compile(r"(别墅)?\s*(?<!\d)(\d{1,3})\s*[-~到至]\s*(\d{1,3})\s*(?:号楼|栋|幢|号|#)")


def read_call(line: OrderLine) -> OrderLine | None:
    """Read calls to come down, arrivals and notices to a range of buildings; None for other texts."""
    folded = fold(line.raw)
    if re.match(r"\s*@\S*(?:[Bb]ot|助手|机器人)\s*#", folded):
        listed = [int(n) for part in re.findall(r"#([\d,]+)", folded) for n in re.findall(r"\d+", part)]
        details: dict[str, object] = {"kind": "notice", "buildings": listed}
        if not re.search(r"\d\s*[-~到至]\s*\d", folded):
            return replace(line, action=Action.NOTICE, details=details)
    calls = [{"floor": int(m["floor"]), "who": m["who"]} for m in _CALL.finditer(folded)]
    floors = [
        digits(floor) for floor in re.findall(r"(\d{1,2}|[一二三四五六七八九十]{1,3})\s*[楼层]", folded)
    ]
    if (
        not calls
        and floors
        and re.search(r"下一(?:个|位)|轮到|先下来|请.{0,6}下(?:楼|来)", folded)
        and not re.search(r"\d{3,4}", folded)
    ):
        calls = [{"floor": int(floor)} for floor in floors]
    if calls and re.search(r"到了|下来|领取|准备|下楼|轮到|下一位", folded):
        return replace(line, action=Action.NOTICE, details={"kind": "pickup_call", "calls": calls})
    arrival = _ARRIVAL.match(folded)
    if arrival:
        return replace(
            line, action=Action.NOTICE, details={"kind": "arrival", "buildings": _buildings(arrival["list"])}
        )
    span = _RANGE.search(folded)
    if span and re.search(r"准备|领|来拿|下楼|到|请|核酸|通知|排队", folded):
        numbers = [f"{span[1]}{n}" if span[1] else n for n in range(int(span[2]), int(span[3]) + 1)]
        return replace(line, action=Action.NOTICE, details={"kind": "notice", "buildings": numbers})
    return None


def _buildings(text: str) -> list[str]:
    names: list[str] = []
    for villa, first, last in re.findall(r"(别墅)?\s*(\d{1,3})(?:\s*[-~到至]\s*(\d{1,3}))?", text):
        names += [f"{villa}{number}" for number in range(int(first), int(last or first) + 1)]
    return names


_OPTION = re.compile(r"^\s*(?P<code>[A-Za-z])\s*[:.,)]\s*(?P<name>.+)$", re.MULTILINE)
_PRICE = re.compile(r"(?:[¥￥$]\s*(\d+(?:\.\d+)?)|(\d+(?:\.\d+)?)\s*(?:元|块))")
_OFFER_FIELD = re.compile(
    r"^(?P<name>内容|规格|价格|单价|团购价|份数|数量|库存|限购|送到情况|送达|到货)\s*[::]\s*(?P<value>.+)$",
    re.MULTILINE,
)


def read_offer(line: OrderLine) -> OrderLine | None:
    """Read a post that offers goods: lettered options, or content, price and number; None for other texts."""
    folded = fold(line.raw)
    options = {
        m["code"].upper(): _option_name(line.raw[m.start("name") : m.end("name")])
        for m in _OPTION.finditer(folded)
    }
    fields = {m["name"]: m["value"] for m in _OFFER_FIELD.finditer(folded)}
    prices = [float(first or second) for first, second in _PRICE.findall(folded)]
    fee = re.search(r"费用为\s*(\d+(?:\.\d+)?)", folded)
    if len(options) < 2 and not (prices and (fields or "\n" in folded)):
        return None
    details: dict[str, object] = {"kind": "offer"}
    if options:
        details["options"] = options
    if fields:
        details["fields"] = fields
    if prices:
        details["price"] = float(fee[1]) if fee else prices[0]
    return replace(line, action=Action.OFFER, details=details)


def _option_name(text: str) -> str:
    return re.split(r"[(（\d¥￥]|[\U0001f300-\U0001faff]", text.strip())[0].strip() or text.strip()
