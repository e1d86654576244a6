"""What each permission is called where people tick it; a test keeps the list whole."""

from __future__ import annotations

from lastmetre.terms import Sentence, say

PERMISSIONS: dict[str, Sentence] = {
    "places.edit": say("change places"),
    "places.roster": say("see the roster, masked"),
    "places.roster.edit": say("change the roster"),
    "places.roster.export": say("take the roster out as a workbook (recorded)"),
    "places.reveal": say("see a household's full name and phone (recorded)"),
    "places.regime": say("decide the regime"),
    "places.response": say("open and close a response"),
    "people.see": say("see the staff, masked"),
    "people.edit": say("change the staff list, fitness and training"),
    "people.reveal": say("see a colleague's full name and phone (recorded)"),
    "people.roles.give": say("give roles (none that may do more than oneself)"),
    "people.roles.any": say("give any role"),
    "people.roles.define": say("define roles"),
    "people.cards": say("issue household cards"),
    "people.squads": say("plan squads and shifts"),
    "people.accounts": say("close accounts, send new links"),
    "journal.read": say("read the journal"),
    "goods.catalogue.edit": say("change goods and packages"),
    "goods.assortment.edit": say("choose what an area offers"),
    "goods.supplier.edit": say("admit suppliers"),
    "goods.supplier.contact": say("see a supplier's contact (recorded)"),
    "goods.offer.edit": say("set prices and stock"),
    "goods.offer.costs": say("see purchase prices"),
    "goods.price.control": say("set benchmark prices and caps"),
    "goods.payee.propose": say("propose whom payments go to"),
    "goods.payee.approve": say("approve whom payments go to"),
    "goods.reserve.edit": say("keep the reserves"),
    "ledger.read": say("see the books of rounds"),
    "ledger.cases": say("open and settle cases: missing, damaged, refused"),
    "orders.rounds": say("open, change and close rounds"),
    "orders.take": say("enter what households ask for"),
    "allocation.decide": say("share out a round"),
    "purchase.order": say("order from suppliers"),
    "purchase.supply": say("confirm, pack and hand over, as the supplier"),
    "transport.dispatch": say("say which vehicle brings what"),
    "transport.drive": say("say that a load has left or arrived"),
    "gate.receive": say("take in and count what arrives"),
    "gate.watch": say("see what arrives and who holds it"),
    "sorting.sort": say("sort bags onto carts"),
    "doorstep.plan": say("plan waves and who takes which cart"),
    "doorstep.deliver": say("take bags to doors, or hand them out"),
    "settlement.confirm": say("confirm payments, record refunds"),
    "settlement.close": say("close the books of a round"),
}


def permission_words(code: str) -> Sentence:
    """Return what a permission is called."""
    return PERMISSIONS.get(code) or say("{code}", code=code)
