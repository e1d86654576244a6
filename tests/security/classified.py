"""What is not personal, field by field: the one reviewed list (trust.md 17).

A field is personal (PersonalText, MarksField), an opaque key (a relation, a UUID that is the primary key, a
path of a place), or it is listed here with a reason. A new field fails the tests until somebody has thought about it.
"""

from __future__ import annotations

EVERYWHERE = {
    "when something held, was made or ended; says nothing without the sealed name": """
        at starts_at ends_at ended_at created_at opened_at closed_at erased_at seen_at stated_at revoked_at
        cancelled_at expires_at uploaded_at settled_at opens_at held_since device_at taken_at asked_at changed_at closes_at
        wave_at moved_at""",
    "opaque key of the actor who did it; `people` holds the name, sealed": """
        actor given_by revoked_by issued_by decided_by proposed_by uploaded_by by closed_by opened_by settled_by
        taken_by created_by changed_by holder""",
    "a code from a table of the program": "kind state scope mode tier",
}
"""Names that mean the same in every model."""

NOT_PERSONAL = {
    "what the program itself keeps: clock, responses, seals": """
        protection.Clock: id offset is_demo
        protection.Response: name key_fingerprint
        journal.Entry: actor_kind device verb thing detail mark
        journal.Link: position entry digest
        journal.AnsweredRequest: key asked status""",
    "public facts of places and their equipment, known to everybody who lives there": """
        places.Place: name aliases sort_key pinyin longitude latitude outline
        places.Grid: name
        places.Compound: lanes two_parts three_parts hands_per_wave waves_per_day doors_per_hour
        places.Building: lane floors has_lift
        places.Unit: floors has_lift
        places.Cart: number
        places.Gate: name longitude latitude opens_at closes_at takes_vehicles is_closed
        places.UnloadingPoint: number name longitude latitude route
        places.Point: name longitude latitude capacity opens_at closes_at keeper""",
    "counts: of a place above the door, or of a door whose name and phone are sealed": """
        places.Place: head_count household_count need_counts surveyed_at
        places.Household: floor head_count""",
    "rules in force, published as they stand": """
        places.Regime: code name name_en strictness supply_modes request_every_days outing_every_days
            outing_persons hand_over shop_capped
        places.RegimePeriod: risk planned_end announced_at notice""",
    "organisations and squads: public bodies and firms": """
        people.Organisation: name pinyin
        people.Squad: name duty
        people.Shift: wanted""",
    "roles and who holds them, by opaque key": """
        people.Role: code name name_en permissions home is_builtin is_changed
        people.Invitation: uses_left
        people.SquadMember: is_leader joined_at left_at
        people.ShiftDuty: taken_at started_at given_up_at
        people.Person: left_at
        people.Training: topic trained_on""",
    "states of somebody whose name is sealed; without the key file nobody can tell whose": """
        people.Fitness: declared_at is_fit tested_at
        people.Account: totp_confirmed_at totp_last_step is_active language password_changed_at
        people.HouseholdCard: issued_at
        people.Throttle: failures first_at open_again_at""",
    "hashes: of tokens, codes, passwords, addresses; keyed or slow": """
        people.Account: password recovery_codes
        people.Device: token_hash
        people.HouseholdCard: token_hash code_hash
        people.Invitation: token_hash
        people.Throttle: key""",
    "chosen names, which the pages ask not to be the person's own": """
        people.Account: username
        people.Device: label""",
    "goods and what is known about them": """
        goods.Category: code name name_en is_watched ration_g ration_group order
        goods.Product: code name aliases pinyin specification unit step weight_g volume_ml case_size keeps_days
            disinfection standing_min temperature is_package contents
        goods.PackageContent: number what quantity
        goods.Substitute: ratio rank""",
    "offers, prices and stock: business data of firms": """
        goods.Offer: code stock stock_at case_size minimum limit_per_household valid_from valid_until
        goods.OfferPrice: price_fen
        goods.OfferCost: cost_fen
        goods.BenchmarkPrice: price_fen where
        goods.PriceCap: price_fen margin_percent why
        goods.Reserve: weight_kg""",
    "licences, pledges and reach of firms, published in the lists of suppliers (FC1)": """
        goods.Supplier: licence licence_from licence_until pledged_on plan_filed_on plan is_key heads longitude
            latitude suspended_at
        goods.SupplierCapacity: daily_kg
        goods.SupplierArea: order_url fee_fen
        goods.Payee: proposed_at decided_at""",
    "books: amounts and causes by opaque keys; whose door it is stands in sealed rows": """
        ledger.Book: title fund_pays
        ledger.Account: owner may_go_below
        ledger.Posting: cause thing
        ledger.Line: id amount
        ledger.Balance: id amount may_go_below
        ledger.Parcel: number code end_cause
        ledger.ParcelItem: amount price_fen
        ledger.Handover: cause
        ledger.Case: amount
        ledger.Photo: thing""",
    "money by opaque keys: amounts, states and grounds; numbers of transactions, payers and notes are sealed": """
        settlement.Claim: amount_fen paid_at made_at made_by
        settlement.StatementLine: app digest amount_fen refunded_fen paid_at ground candidates
            first_seen_at first_seen_by
        settlement.Payment: amount_fen how paid_at confirmed_at confirmed_by reversed_at reversed_by
        settlement.Fund: name given_fen spent_fen ended_by
        settlement.Decision: amount_fen cause is_alone proposed_at decided_at reversed_at reversed_by
        settlement.SupplierBill: amount_fen stated_by agreed_why""",
    "a cart of a wave and which bag goes on it, by opaque keys; the note is sealed": """
        sorting.CartRun: wave number weight_g released_at released_by taken_at
        sorting.Placement: carry floor placed_at placed_by""",
    "rounds as they are published, and what a household whose name is sealed asked for": """
        orders.Round: title hand_over pay_rule pay_until every_days minimum_units most_orders repeats_days link version
        orders.RoundItem: number code price_fen case_size limit stock is_first_come
        orders.Request: channel version is_late is_proxy says_paid
        orders.RequestLine: quantity
        orders.Intake: channel digest sheet confirmed_at confirmed_by
        orders.Answer: key
        orders.Message: number
        orders.Contact: outcome
        allocation.Allocation: seed version rule undone_at undone_by
        allocation.Share: asked planned got weight reason credit_before credit_after overridden_at overridden_by
        allocation.Revision: before after cause
        allocation.CaseOrder: stock wanted handed level_numerator level_denominator case_size cases spare sentence
        allocation.Credit: carried
        allocation.Willing: more""",
    "what a compound buys of a firm, by the good: names no household": """
        purchase.PurchaseOrder: sent_at sent_by wanted_at confirmed_at confirmed_by packing_at packing_by packed_at
            packed_by handed_over_at handed_over_by failed_at failed_by
        purchase.PurchaseLine: case_size cases quantity wanted confirmed short_cause asked_fen agreed_fen
        purchase.Proposal: quantity proposed_at decided_at""",
    "vehicles with goods: the plate is what the gate looks for; names and phones are sealed": """
        transport.Load: is_own plate driver expected_at made_at made_by left_at left_by arrived_at arrived_by
            cancelled_by""",
    "what stands at a gate, by opaque keys: times and who has it": """
        gate.Arrival: received_at received_by holder held_since finished_at finished_by due_at
        gate.Counted: at by""",
    "the last metre by opaque keys: times, numbers and coded outcomes; whose door it is stands in sealed rows": """
        doorstep.Wave: number needs_photo at_point ended_by
        doorstep.Duty: cart person given_at
        doorstep.Drop: carry
        doorstep.DoorEvent: outcome effect undoes device_at
        doorstep.Turn: number queued called_at missed_at done_at""",
    "what a place is told: a sentence of the program with plain values, which name nobody": """
        orders.Notice: sentence until
        orders.Sending: carrier sent_at attempts""",
}
"""By reason: the model and its fields."""


def listed() -> set[str]:
    """Return "app.Model.field" of every field that is listed by model."""
    found = set()
    for block in NOT_PERSONAL.values():
        model = ""
        for word in block.split():
            if word.endswith(":"):
                model = word[:-1]
            else:
                found.add(f"{model}.{word}")
    return found


def everywhere() -> set[str]:
    """Return the names that mean the same in every model."""
    return {name for block in EVERYWHERE.values() for name in block.split()}
