"""What petition items are made of: channels, purposes, sizes, sources. Value types and words only."""

from core.i18n import N_, Message

NAME = "government"
MATTER = "government_matter"  # the record kind of an item in log, clocks, approvals, documents

VISIT, LETTER, PHONE, ONLINE = "visit", "letter", "phone", "online"
SUPERIOR, AFTER_VISIT = "superior", "after_visit"
CHANNELS: dict[str, Message] = {
    VISIT: N_("Visit in person"),
    LETTER: N_("Letter"),
    PHONE: N_("Phone call"),
    ONLINE: N_("By internet"),
    SUPERIOR: N_("Assigned by a superior body"),
    AFTER_VISIT: N_("Letter after a visit"),
}

APPEAL, REQUEST, OPINION, ACCUSATION = "appeal", "request", "opinion", "accusation"
CONSULTATION, OTHER = "consultation", "other"
PURPOSES: dict[str, Message] = {
    APPEAL: N_("Appeal against a decision"),
    REQUEST: N_("Request for a solution"),
    OPINION: N_("Opinion or suggestion"),
    ACCUSATION: N_("Report or accusation"),
    CONSULTATION: N_("Question about policy"),
    OTHER: N_("Other purpose"),
}

# By head count (GOV-3): one or no more than four persons, five or more.
SINGLE, FEW, GROUP = "single", "few", "group"
SIZES: dict[str, Message] = {
    SINGLE: N_("One person"),
    FEW: N_("Two to four persons"),
    GROUP: N_("Group of five or more"),
}

FIRST, REPEAT = "first", "repeat"
FREQUENCIES: dict[str, Message] = {FIRST: N_("First time"), REPEAT: N_("Repeated")}

OWN, CITY, PROVINCE = "own", "city", "province"
SOURCES: dict[str, Message] = {
    OWN: N_("Received by this office"),
    CITY: N_("From the city's petition bureau"),
    PROVINCE: N_("From the province or above"),
}

CALM, WATCHED, URGENT, MAJOR = 0, 1, 2, 3
URGENCIES: dict[int, Message] = {
    CALM: N_("Ordinary"),
    WATCHED: N_("To be watched"),
    URGENT: N_("Urgent"),
    MAJOR: N_("Major and urgent"),
}

# Where a petitioner belongs, as far as the procedure differs (GOV-18).
MAINLAND = "mainland"
BELONGINGS: dict[str, Message] = {
    MAINLAND: N_("Resident of the mainland"),
    "hongkong_macau": N_("Resident of Hong Kong or Macau"),
    "taiwan": N_("Resident of Taiwan"),
    "overseas": N_("Overseas Chinese"),
    "foreign": N_("Foreigner"),
    "stateless": N_("Stateless person"),
}


def size_of(heads: int) -> str:
    """Return how a party of so many is counted (GOV-3)."""
    return SINGLE if heads <= 1 else FEW if heads < 5 else GROUP
