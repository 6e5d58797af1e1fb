"""Where a clinic is and in which language it writes: codes of the world, and only those that there are (`INV-11`)."""

from __future__ import annotations

from zoneinfo import ZoneInfoNotFoundError

from chassis.clock import zone
from chassis.sentence import Sentence

from invoicing.domain.errors import Invalid

LANGUAGES = ("ar", "de", "en", "es", "fr")
"""Those that documents and messages have words in: in any other, a clinic would write English without a word."""
COUNTRIES = frozenset(
    (
        "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW "
        "BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI "
        "FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN "
        "IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME "
        "MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF "
        "PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV "
        "SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS XK "
        "YE YT ZA ZM ZW"
    ).split()
)
"""ISO 3166-1, and Kosovo's code, which it leaves to whoever needs one."""
_WIDER = frozenset(("001", "150", "419"))
"""The world, Europe and Latin America (UN M.49), as languages are named for: `es-419`."""
_SCRIPTS = frozenset(("Arab", "Latn"))
_SCRIPT_LETTERS = 4


def check_language(tag: str, field: str) -> None:
    """See that a tag (BCP 47) is one that there are words in, perhaps of a script or region. Raises Invalid."""
    language, *rest = tag.split("-")
    if language.lower() not in LANGUAGES:
        there_are = f"{', '.join(LANGUAGES[:-1])} and {LANGUAGES[-1]}"
        raise Invalid(
            field,
            Sentence("there are no words in it: there are {there_are}, with a region as in en-US", there_are=there_are),
        )
    if rest and len(rest[0]) == _SCRIPT_LETTERS and rest[0].title() in _SCRIPTS:
        rest = rest[1:]
    if rest and (len(rest) > 1 or rest[0].upper() not in COUNTRIES | _WIDER):
        raise Invalid(
            field,
            Sentence(
                "{rest} is no region: say {language}, or with a country as in en-US",
                rest="-".join(rest),
                language=language,
            ),
        )


def check_country(code: str, field: str) -> None:
    """See that there is such a country (ISO 3166-1). Raises Invalid."""
    if code not in COUNTRIES:
        raise Invalid(field, "is no country of ISO 3166, such as US")


def check_zone(name: str, field: str) -> None:
    """See that there is such a time zone (IANA). Raises Invalid."""
    try:
        zone(name)
    except ZoneInfoNotFoundError:
        raise Invalid(field, Sentence("'{name}' is not a time zone of the IANA database", name=name)) from None
