"""The rules of goods, a file a subject: pure, no database."""

from lastmetre.ground.goods.rules.amounts import days_lasting, food_days, stand_in
from lastmetre.ground.goods.rules.classes import (
    Disinfection,
    Permission,
    ServiceMode,
    SupplierKind,
    Temperature,
    Tier,
    Treatment,
    treatment,
)
from lastmetre.ground.goods.rules.money import yuan
from lastmetre.ground.goods.rules.names import NAMES, name_of
from lastmetre.ground.goods.rules.payees import PayeeState, check_approver, check_move
from lastmetre.ground.goods.rules.prices import (
    BundleLine,
    Cap,
    Concern,
    Finding,
    Known,
    bundle_findings,
    cap_finding,
    check_cap,
    gouging_findings,
    reference_finding,
)
from lastmetre.ground.goods.rules.suppliers import Standing, check_can_serve, standing

__all__ = [
    "NAMES",
    "BundleLine",
    "Cap",
    "Concern",
    "Disinfection",
    "Finding",
    "Known",
    "PayeeState",
    "Permission",
    "ServiceMode",
    "Standing",
    "SupplierKind",
    "Temperature",
    "Tier",
    "Treatment",
    "bundle_findings",
    "cap_finding",
    "check_approver",
    "check_can_serve",
    "check_cap",
    "check_move",
    "days_lasting",
    "food_days",
    "gouging_findings",
    "name_of",
    "reference_finding",
    "stand_in",
    "standing",
    "treatment",
    "yuan",
]
