"""How people write, as data: nicknames, address shapes, item shapes, line shapes. All of it is invented."""

from __future__ import annotations

TITLES = ("阿姨", "叔", "姐", "哥", "老师", "女士", "先生", "大爷", "大姐", "师傅", "医生", "奶奶")
NICKNAMES = (
    "一米阳光☀️", "朵朵爸", "静水流深", "南风知我意", "大白兔🐰", "vivi", "花开富贵🌸", "老兵不死",
    "晨光熹微", "岁月静好🍵", "七喜", "Momo🐱", "西门吹雪❄️", "娜么美", "跑步的蜗牛🐌", "安安妈咪",
    "铁锅炖自己", "Sunny", "云淡风轻", "暖暖", "柠檬不酸🍋", "皮皮虾我们走", "乐乐奶奶", "懒洋洋",
    "Kevin赵", "听雨", "丸子头", "小满满", "雅雅", "大熊", "东东他爹", "爱笑的眼睛", "嘟嘟", "沐沐妈",
    "Mr.何", "糖糖", "心有灵犀", "麻辣小龙女", "辰辰爸爸", "月半弯🌙", "大宝贝儿", "💤", "。", "笑笑",
    "阿杜", "小雨点", "雪落无声", "团团圆圆", "秋水", "牛牛他妈", "夜归人🌃", "大力哥", "茉莉",
    "吃货本货", "加菲", "漫步云端", "琪琪", "老班长", "Tony", "福娃", "小确幸", "诺诺妈", "橘子汽水",
    "阿俊", "白开水", "锦鲤🐟", "风轻轻吹", "猫的报恩🐾", "芒芒", "二丫", "欢欢喜喜",
)  # fmt: skip

PLACES: dict[str, tuple[str, ...]] = {
    "short": (
        "{b}-{r}", "{b}-{r}", "{b}-{r}", "{b}-{u}-{r}", "{b}-{u}-{r}", "{b}—{r}", "{b} - {r}", "{b}#{r}",
        "{b}–{u}–{r}",
    ),
    "formal": (
        "{b}号楼{r}", "{b}号楼{u}单元{r}", "{b}栋{r}", "{b}号楼{r}室", "{b}幢{u}单元{r}室", "{b}号楼 {r}",
        "{b}栋{u}单元{r}", "开元丽城{b}-{r}", "丽城{b}号楼{r}", "{b}#{u}单元{r}", "{b}号楼-{u}单元-{r}",
    ),
    "elder": ("{bc}号楼{rc}", "{bc}栋{rc}", "{bc}号楼{uc}单元{r}", "{b}号楼{uc}单元{rc}", "{bc}号楼{r}室"),
    "sloppy": (
        "{bf}－{rf}", "{b}-{ro}", "{b}-{r}是", "{b}号楼{ro}", "{bf}号楼{rf}", "{b}_{r}", "{b}/{r}",
        "{b}-{r}室",
    ),
}  # fmt: skip
"""b, u, r: building, unit, room; c: in Chinese numerals; f: full width; ro: the letter o for zero."""

CODE_ITEMS = (
    "{c}{q}", "{c}{q}", "{c}{q}", "{c}*{q}", "{c}×{q}", "{c}x{q}", "{c} x {q}", "{c}{q}份", "{c}{qc}份",
    "{cl}{q}", "{cf}{qf}", "套餐{c} {q}份", "{c}套餐{qc}份", "{qc}份{c}", "{q}份{c}", "{c}（{q}份）",
    "{c}：{q}", "{c}+{q}", "套餐{c}*{q}",
)  # fmt: skip
NAME_ITEMS: dict[str, tuple[str, ...]] = {
    "short": (
        "{n}{q}{u}", "{n}{q}{u}", "{n}{q}", "{n}*{q}", "{n}x{q}", "{n}×{q}{u}", "{n} {q}{u}", "{n}+{q}",
        "{q}{u}{n}",
    ),
    "formal": ("{n}{qc}{u}", "{n}{q}{u}", "{n}（{q}{u}）", "{n}：{q}{u}", "{qc}{u}{n}", "{n} {qc}{u}"),
    "elder": ("{n}{qc}{u}", "{n}来{qc}{u}", "{n}要{qc}{u}", "{qc}{u}{n}", "{n}{qc}{u}"),
    "sloppy": ("{n}{qf}{u}", "{n}{qc}{u}", "{n}.{qc}{u}", "{n}{q}{u}", "{e}{qc}{u}", "{e}{q}{u}"),
}  # fmt: skip
"""q: digits; qc: Chinese numeral; qf: full width; e: the good's emoji where it has one, else its name."""
JOINERS = (" ", " ", "，", "，", "、", ",", "；", " + ", "+", "/", "", "", "  ", "。")

SPECIFIED = {
    "F": "纯牛奶250ml*24盒{q}箱", "M": "矿泉水550ml*24瓶{qc}箱", "L": "抽纸10包装{q}提",
    "E": "鸡蛋30枚装{qc}板", "K": "挂面1kg装{q}把", "J": "馒头6个装的{qc}袋",
}  # fmt: skip
EMOJI = {"E": "🥚", "F": "🥛", "P": "🍅", "N": "🥔"}

LINES_WITH_NAME = (
    "{place} {who} {items}", "{place} {who} {items}", "{place}，{who}，{items}", "{place}{who} {items}",
    "{who} {place} {items}", "{who} {place}：{items}", "{who}（{place}）{items}",
    "{place}（{who}）{items}", "{who}，{place}，{items}", "{place} {who}：{items}",
    "{place} {who}家 {items}", "{items} {place} {who}", "【{place}】{who} {items}",
    "{place}，{who}：{items}。", "{who}｜{place}｜{items}", "{place} {who}订{items}",
    "{who}:{place} {items}", "{place} {who} 要{items}", "{place}@{who} {items}",
)  # fmt: skip
LINES_WITHOUT_NAME = (
    "{place} {items}", "{place} {items}", "{place} {items}", "{place}，{items}", "{place}：{items}",
    "{place}要{items}", "{place}我家{items}", "{items} {place}", "{items}，{place}", "【{place}】{items}",
    "{place} 来{items}", "{place}　{items}", "{place} 订 {items}", "{place}：{items}。",
    "接龙 {place} {items}", "@团长 {place} {items}", "{place} 俺家要{items}", "{place} 麻烦来{items}",
    "{place}报{items}", "{place}~{items}", "{items}（{place}）",
)  # fmt: skip

NOTES = (
    "放门口就行", "不用敲门，娃在睡觉", "到了打电话", "家里有老人麻烦送上楼", "不要香菜",
    "菜要新鲜点的哈", "晚上送也中", "急！家里快断粮了😭", "别放苦瓜", "门口有个红箱子放里面",
    "挂门把手上就中", "电话打不通就敲门", "孕妇在家，优先一下谢谢", "怕挤，单独装", "轻拿轻放",
    "家有小宝，放地上就好", "牙口不好要软和的", "白天上网课别按铃", "送来喊一声", "不急，最后送也行",
    "门上有福字那家", "猫会跑，别开太大🐱",
)  # fmt: skip
THANKS = ("谢谢", "谢谢团长🙏", "辛苦了", "🙏🙏", "谢了哈", "多谢🌹", "麻烦了", "感谢志愿者❤️", "[抱拳]", "～")
PAID = ("已付", "已付", "已转账", "钱已转", "付过了", "已付款✅", "微信已付", "✅已付", "（已付）", "转过了")
WORKBOOK_NOTES = ("", "", "", "", "放门口", "到了打电话谢谢", "不要香菜", "", "送货前联系一下", "")

MARKS = {
    "{n}. ": 56, "{n}、": 12, "{n}.": 8, "{n}．": 3, "{n}）": 4, "（{n}）": 3, "({n})": 3, "{circled}": 4,
    "{wide}．": 2, "{wide}、": 2, "{n} . ": 1, "": 6,
}  # fmt: skip
"""List marks and how often each is met; {circled} exists up to 50."""

ADDRESSES = (
    "河南省郑州市二七区长江路66号院开元丽城{b}号楼{r}室", "河南省郑州市二七区长江路66号院{b}号楼{r}室",
    "郑州市二七区开元丽城{b}-{r}", "河南省郑州市二七区长江路街道开元丽城{b}号楼{u}单元{r}",
    "河南省郑州市二七区二七区长江路66号院开元丽城{b}号楼{r}",
    "河南省郑州市二七区长江路66号院 开元丽城 {b}栋{r}", "河南省郑州市二七区开源丽城{b}号楼{r}",
    "郑州市二七区长江路66号院开元丽成{b}#{r}", "河南省郑州市二七区长江路。66号院。{b}号楼。{r}",
    "河南省郑州市二七区长江路街道66号院{b}幢{u}单元{r}室", "二七区开元丽城小区{b}－{r}",
    "河南省郑州市二七区长江路66号院{b}-{u}-{r}（开元丽城）",
    "河南省郑州市二七区长江路66号院” {b}号楼{r}室", "河南省郑州市二七区长江路66号院",
    "河南省郑州市河南省郑州市二七区长江路66号院{b}号楼{u}单元{r}室。",
    "河南省郑州市二七区长江路66号院开元丽城{b}号楼{r}（请放门口）",
    "河南省郑州市二七区长江路六十六号院{b}号楼{ro}室", "郑州二七区长江路街道开元丽城{b}号楼{u}单元{r}号",
    "河南省郑州市二七区开元丽城", "开元丽城{bc}号楼{r}",
    "河南省郑州市二七区长江路66号院开元丽城 {b}号楼 {r}室",
)  # fmt: skip
ROOM_BOXES = (
    "{r}", "{r}", "{r}", "{r}", "{r}", "{r}", "{r}室", "{r}室", "{ro}", "{r}号。",
    "{u}单元{r}", "{r} ", "{rf}", "{r}是",
)  # fmt: skip
BUILDING_BOXES = (
    "{b}", "{b}", "{b}", "{b}号楼", "{b}号", "{b}栋", "{b}#", "{b} 号楼", "{bc}号楼",
    "{b}号楼{u}单元", "{bf}", "{b}幢",
)  # fmt: skip
LANE_BOXES = ("66", "66", "66", "66号院", "66号", "长江路66号院", "66院", "", "长江路66号", "６６", "66 号院")
