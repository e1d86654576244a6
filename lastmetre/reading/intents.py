"""What a message wants: an order, a change, a cancellation, a question, a notice, ...

One table of phrases, tried from top to bottom; what carries both an order and something else is doubted by
the caller.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from lastmetre.reading.vocabulary import UNIT
from lastmetre.terms import Action

_NUM = r"(?:\d+|[一二两三四五六七八九十半])"

PAID = re.compile(
    r"(?:[(\[]\s*)?(?:(?:(?:一共|总共|共|合计)\s*[¥￥$]?|[¥￥$])\s*\d+(?:\.\d+)?\s*(?:元|块)?\s*)?"
    r"(?:微信|支付宝|现金)?\s*(?:钱|款|费用?|货款)?我?(?:已经?|都|刚|先)?(?:(?:微信|支付宝|红包|转账)\s*)?"
    r"(?:代?付(?:款|钱|过|好|清|完)?|转(?:账|过|好|钱)?|支付|打款|交(?:钱|费|款))(?:给?你|团长)?(?:了|啦|咯|过了)*\s*"
    r"(?:\d+(?:\.\d+)?(?![-#\d号栋幢])\s*(?:元|块)?)?(?:\s*[)\]])?"
)
_PAID_SAID = re.compile(
    r"(?:已|都|刚|先|钱|款|[(\[]).{0,3}(?:付|转|支付|打)|(?:付|转|支付|交).{0,3}(?:了|过|好|清|完)|付款(?!码)"
)

PROXY = re.compile(
    r"帮我(?=爸|妈|奶奶|爷爷|外婆|外公|父母|老人|岳)|(?:帮(?!宝适)|替(?!换)|代(?![餐糖]))(?!我|忙(?!.{0,8}(?:订|买|接|带|下单)))(?:忙|着)?"
    r"|给(?=.{0,14}(?:奶奶|爷爷|阿姨|老人|隔壁|邻居|妈|爸|楼[上下])).{0,0}|受.{1,8}委托"
)

_QUESTION = re.compile(
    r"还有(?:没有|没|货|吗|么)|有没有|有吗|什么时候|啥时候|几点|多少钱|几块|怎么(?!样)|咋|能不能|可不可以|可以.{0,12}吗|"
    r"是不是|哪里|哪儿|多久|来得及|[吗么嘛]\s*[?~!.]*\s*(?:$|[,.;\s])|\?"
)
_PRICE_QUESTION = re.compile(r"多少钱|几块|价格|怎么卖|什么价")
_SHORTAGE = re.compile(
    r"(?:收到|到了|拿到|到手|签收).{0,10}(?:少|缺|漏|没有|差)(?!.{0,2}(?:饭|辣))|漏发|漏了|漏送|少发|少送|少给|少装|没收到|未收到|没有收到|"
    rf"里面?(?:没有|没见|少了)|没拿到|没送到|没发|没给|没见|不见了|只(?:收|拿|送|到|有|给)(?:到|了|来)?\s*{_NUM}|(?:少|缺|差)了\s*{_NUM}|"
    rf"(?<!多)(?:少|缺|差)\s*{_NUM}\s*(?:{UNIT})"
)
_COMPLAINT = re.compile(
    r"都是臭|臭的|坏了|坏的|坏掉|烂了|烂的|烂掉|全烂|都烂|臭了|发臭|发霉|霉了|碎[了成得]|打碎|碎的|破了|破损|压(?:坏|烂|碎)|过期|变质|馊|不新鲜(?!的?不要)|发错|送错|"
    r"拿错|退款|退钱|退货|投诉|质量|缺斤|短斤|异味|蔫|太差|差劲|不满意|骗|死的|化了|漏[液水油]|赔"
)
_CANCEL = re.compile(
    r"取消|不用送了|(?<!饭)别送了|唔要|不要了|不去了|不参加了|退出|不接了|不买了|不订了|不定了|撤销|撤单|退单|删除|删掉|退团|不需要了|作废|先不要|(?<!就)算了|退(?:了|掉)(?:吧|它)?"
)
_AMEND = re.compile(
    rf"不要[一-鿿]{{1,5}}了|改成|改为|改到|改订|修改|更改|改(?=\s*{_NUM}\s*(?:{UNIT}))|改(?=[A-Z]\d?)|换成|换为|再(?:加|来|要|添|订)|追加|加订|多加|多要|加(?=\s*{_NUM}\s*(?:{UNIT}|$))|"
    rf"加上|减(?=\s*{_NUM}|去|掉|为|到)|少要|退掉|去掉|减少|变成|变更"
)
_ADDRESS = re.compile(
    r"(?:地址|房号|门牌号?|室号|楼号|单元|号码).{0,4}(?:写错|错|改|更正|应该|是|有误|为)|(?:写|接|填|打|报|搞|弄|发)错|写成|更正|送到|改送|"
    r"是.{2,16}不是|不是.{2,16}是|纠正|搬到|应该是|应为"
)
_TOTAL = re.compile(
    r"合计|总计|共计|小计|统计|汇总|总数|总共\s*[:,]?\s*\d|(?:一共|(?:号楼|栋|幢|单元|#)\s*共)\s*[:,]?\s*\d+\s*(?:户|份|单|人)|(?:号楼?|栋|幢|单元|#)\s*(?:一共|总共)\s*:"
)
_NOTICE = re.compile(
    r"^(?:各位|大家|@所有人|@全体|通知|公告|温馨提示|注意|提醒|紧急|重要|【?通知)|领取|到.{1,8}领|来领|请.{0,12}(?:下楼|到|来|准备|注意|带)|下楼|下来(?:拿|取|领)|到货|已到|"
    r"送达|核酸|做好准备|停水|停电|消杀|请(?:提前|勿|不要|及时|配合|尽快|相互|自觉|保持)|保持.{0,4}距离|截单|截止|结团|成团|开团|开始接龙|接龙(?:开始|结束|截止)|有需要的|有意|加我微信|明[天早].{0,6}(?:送|发|到)|发放|排队|"
    r"居民(?:们|朋友)|业主(?:们|朋友)|邻居们|家人们|发起团购|志愿者"
)
_OFFER = re.compile(
    r"\d\s*元|[¥￥$]\s*\d|价格|单价|原价|售价|包邮|起送|起订|限购|规格[:：]|内容[:：]|\d+\.\d+\s*/|\d\s*块(?:钱|一|/)"
)
_RECRUIT = re.compile(
    r"加我?微信|打我?电话|组团|扫.{0,8}二维码|进群|加群|拼单|一起团|发起团购|想要?参加|报名(?:请|的)|接龙(?:请|的邻居)|有意(?:者|向)|想团|够\s*\d+\s*份|报个名|"
    r"统一下单|喊一声|有想要的|要的(?:邻居|人|举手|私信|报名|扣)|凑满?\s*(?:\d+|[一-鿿]{1,3})\s*份|来.{0,4}登记|有没有(?:人|邻居)"
)
_THANKS = re.compile(
    r"^(?:@\S+\s*)?(?:收到|好的?|好滴|嗯+|哦+|ok|谢谢.{0,6}|辛苦.{0,8}|感谢.{0,8}|[👍🙏❤️🌹💪👌😊😄🎉]+|哈+|知道了|明白|没事|不客气|可以|行|对|是的|已接|了解)[了啦!.~\s]*$",
    re.IGNORECASE,
)
_RECEIVED = re.compile(r"^\W*(?:\S{2,10}\s+)?(?:收到|拿到|已收|已领|已取)(?!.*(?:少|缺|漏|坏|烂|错|差))")


def claims_payment(folded: str) -> bool:
    """Say whether somebody claims to have paid; the amount stays a claim until it is matched."""
    return bool(_PAID_SAID.search(folded))


_CANCEL_BEHIND = re.compile(r"(?:^|[^\w])已?(?:取消|不要了|退出|作废)了?\s*[)\]]?[.!\s]*$")
_POST_PRICE = re.compile(r"\d\s*元\s*/.*(?:起订|起送|成团|接龙)|(?:起订|起送|成团).*\d\s*元\s*/")


_CANCEL_AHEAD = re.compile(r"^\s*(?:取消|作废|退出)[\s,:]")


def intent(
    folded: str,
    *,
    has_place: bool,
    has_room: bool,
    has_amount: bool,
    named_goods: Callable[[], bool],
    numbered: bool,
) -> Action:
    """Return what one message wants, from its folded text and what was found in it.

    `named_goods` says whether a good or code is named, so that `不要了` drops that good and not the whole order.
    """
    if re.fullmatch(r"\s*\[[一-鿿A-Za-z]{1,6}\]\s*", folded) or not re.search(r"\w", folded):
        return Action.NONE  # [图片], stickers
    if not folded.strip() or _THANKS.match(folded.strip()):
        return Action.NONE
    if _RECEIVED.match(folded) and not has_amount and not named_goods():
        return Action.NONE
    counts = re.search(r"合计|小计|统计|汇总", folded) or not numbered
    if _TOTAL.search(folded) and has_amount and counts:
        return Action.TOTAL
    if re.search(r"一共|总共|核对", folded) and has_place and not has_room and named_goods() and has_amount:
        return Action.TOTAL
    if _RECRUIT.search(folded) and not has_room:
        return Action.NOTICE
    if _POST_PRICE.search(folded) and not has_room:
        return Action.OFFER
    if has_place and _COMPLAINT.search(folded) and re.search(r"收到|送来|拿到|到手|买的|发的|都|全", folded):
        return Action.COMPLAINT
    if _QUESTION.search(folded) and not has_room and not numbered:
        return Action.QUESTION
    if _QUESTION.search(folded) and (not has_amount or _PRICE_QUESTION.search(folded)):
        return Action.QUESTION
    if re.search(r"是.{2,16}不是|不是.{2,16}是", folded) and has_place and not has_amount:
        return Action.ADDRESS
    if _SHORTAGE.search(folded):
        return Action.SHORTAGE
    if _COMPLAINT.search(folded):
        return (
            Action.COMPLAINT
            if has_place or named_goods() or re.search(r"退款|退钱|投诉", folded)
            else Action.NONE
        )
    if _NOTICE.search(folded) and not (has_room and has_amount):
        return Action.NOTICE
    if (_CANCEL_BEHIND.search(folded) or (numbered and _CANCEL_AHEAD.match(folded))) and (
        has_amount or numbered
    ):
        return Action.CANCEL  # 3. 2-804 A1（取消）: cancelled in place
    if _CANCEL.search(folded):
        return Action.AMEND if named_goods() else Action.CANCEL
    if _ADDRESS.search(folded) and has_place and not has_amount:
        return Action.ADDRESS
    if _OFFER.search(folded) and not has_place:
        return Action.OFFER
    if _AMEND.search(folded):
        return Action.AMEND
    return Action.ORDER


def asks(folded: str) -> bool:
    """Say whether a question stands in the text, whatever else it says."""
    return bool(_QUESTION.search(folded))


def only_less(folded: str) -> bool:
    """Say whether `少一份` stands there without saying that anything arrived: less wanted, or less received?"""
    return bool(
        re.search(rf"(?:少|缺|差)\s*{_NUM}\s*(?:{UNIT})", folded)
        and not re.search(r"收到|到了|拿到|到手|发|送|签收|给", folded)
    )
