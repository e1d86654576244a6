"""What each verb of the journal says, and what the things are called. A test names the verbs without a sentence."""

from __future__ import annotations

from django.utils.translation import gettext_noop as _

from lastmetre.terms import Sentence, say

_ADDED = _("{who} added {thing}")
_CHANGED = _("{who} changed {thing}")
_ENDED = _("{who} took {thing} out of use")
_TAKEN_BACK = _("{who} took back {thing}")

UNNAMED = _("{who} did something with {thing}")
"""For a verb that a later app has and this list does not."""

SENTENCES: dict[str, str] = {
    "add": _ADDED,
    "added": _ADDED,
    "created": _ADDED,
    "edit": _CHANGED,
    "changed": _CHANGED,
    "save": _CHANGED,
    "state": _CHANGED,
    "end": _ENDED,
    "ended": _ENDED,
    "remove": _("{who} removed {thing}"),
    "restore": _("{who} brought {thing} back"),
    "move": _("{who} moved {thing}"),
    "survey": _("{who} recorded how many people live in {thing}"),
    "regime": _("{who} decided the rules for {thing}"),
    "lift": _("{who} lifted the rules for {thing}"),
    "take_back": _TAKEN_BACK,
    "took back": _TAKEN_BACK,
    "open": _("{who} opened {thing}"),
    "opened": _("{who} opened {thing} again"),
    "close": _("{who} closed {thing}"),
    "closed": _("{who} closed {thing} for good"),
    "erase": _("{who} erased the personal data of {thing}"),
    "export": _("{who} took {thing} out as a file"),
    "exported": _("{who} took {thing} out as tables"),
    "import": _("{who} read {thing} in from a workbook"),
    "revealed": _("{who} read the personal data of {thing}"),
    "alarm": _("{who} read the personal data of many homes or people in a short time"),
    "accepted": _("{who} accepted {thing}"),
    "upload": _("{who} uploaded {thing}"),
    "put_aside": _("{who} put {thing} aside"),
    "take_over": _("{who} took {thing} over"),
    "load": _("{who} loaded {thing}"),
    "signed in": _("{who} signed in"),
    "signed out": _("{who} signed out"),
    "refused": _("A sign-in was refused"),
    "changed password": _("{who} changed the password of {thing}"),
    "changed language": _("{who} changed the language of {thing}"),
    "set up codes": _("{who} set up the codes of {thing}"),
    "made recovery codes": _("{who} made new recovery codes for {thing}"),
    "used recovery code": _("{who} signed in with a recovery code"),
    "issued": _("{who} issued {thing}"),
    "revoked": _("{who} made {thing} invalid"),
    "printed": _("{who} printed {thing}"),
    "invited": _("{who} made {thing}"),
    "let go": _("{who} let {thing} go"),
    "declared fitness": _("{who} wrote down whether {thing} is fit for duty"),
    "trained": _("{who} wrote down a training of {thing}"),
    "gave role": _("{who} gave {thing}"),
    "ended role": _("{who} ended {thing}"),
    "handed over": _("{who} handed over {thing}"),
    "defined": _("{who} defined {thing}"),
    "joined": _("{who} put somebody into {thing}"),
    "left": _("{who} took somebody out of {thing}"),
    "planned": _("{who} planned {thing}"),
    "cancelled": _("{who} cancelled {thing}"),
    "settled": _("{who} settled {thing}"),
    "moved": _("{who} moved {thing} on"),
    "asked": _("{who} entered {thing}"),
    "prepared": _("{who} prepared {thing}"),
    "took duty": _("{who} put somebody on {thing}"),
    "started duty": _("{who} began the duty of {thing}"),
    "gave up duty": _("{who} gave up the duty of {thing}"),
    "price": _("{who} changed the price of {thing}"),
    "stock": _("{who} changed the stock of {thing}"),
    "cost": _("{who} stated the cost of {thing}"),
    "benchmark": _("{who} wrote down a comparison price of {thing}"),
    "pledge": _("{who} wrote down the pledge of {thing}"),
    "file_plan": _("{who} filed the supply plan of {thing}"),
    "suspend": _("{who} suspended {thing}"),
    "resume": _("{who} let {thing} work again"),
    "propose": _("{who} proposed {thing}"),
    "approve": _("{who} approved {thing}"),
    "refuse": _("{who} refused {thing}"),
    "retire": _("{who} retired {thing}"),
}
"""Templates by verb: {who} and {thing} are filled in when a line is shown."""

NOUNS: dict[str, Sentence] = {
    "protection.response": say("the emergency response"),
    "journal.entry": say("the journal"),
    "journal.link": say("a break in the journal's seal"),
    "tables": say("all data"),
    "scenario": say("a ready-made scenario"),
    "places.place": say("the place"),
    "places.compound": say("the compound"),
    "places.building": say("the building"),
    "places.unit": say("the unit"),
    "places.cart": say("the carts"),
    "places.gate": say("the gates"),
    "places.unloadingpoint": say("the unloading points"),
    "places.point": say("the supply points"),
    "places.grid": say("the grid area"),
    "places.household": say("the home"),
    "places.roster": say("the roster"),
    "places.rosterupload": say("an uploaded roster"),
    "places.regime": say("the rules"),
    "places.regimeperiod": say("the rules in force"),
    "people.person": say("the person"),
    "people.organisation": say("the organisation"),
    "people.account": say("the account"),
    "people.device": say("the device"),
    "people.card": say("household cards"),
    "people.invitation": say("an invitation"),
    "people.role": say("the role"),
    "people.assignment": say("a role"),
    "people.squad": say("the squad"),
    "people.shift": say("a shift"),
    "goods.category": say("the categories of goods"),
    "goods.product": say("the goods"),
    "goods.substitute": say("the substitutes"),
    "goods.assortment": say("the assortment"),
    "goods.supplier": say("the supplier"),
    "goods.capacity": say("what a supplier can deliver"),
    "goods.area": say("where a supplier delivers"),
    "goods.offer": say("the offer"),
    "goods.payee": say("the payee"),
    "goods.cap": say("a price limit"),
    "goods.reserve": say("the reserves"),
    "ledger.book": say("the books of a round"),
    "ledger.case": say("a case"),
    "orders.round": say("the round"),
    "orders.request": say("a household's order"),
}
"""What a thing is, by its kind."""

SYSTEM = say("The system")
NOBODY = say("Somebody not signed in")
UNKNOWN = say("Somebody you cannot see")
LOOKS = {
    "alarm": ("act", "alert-triangle"),
    "revealed": ("now", "eye"),
    "refused": ("wait", "lock"),
    "erase": ("act", "trash"),
}
"""State and icon of verbs that an auditor looks for."""
