"""Who signs bulletins, level by level; the rulebook says which chain a kind takes."""

from core.i18n import N_, Message
from plugins.government.rights import DEPUTY, DIRECTOR, HEAD

CHAINS: dict[str, tuple[str, ...]] = {
    "head": (HEAD,),
    "head_deputy": (HEAD, DEPUTY),
    "head_director": (HEAD, DIRECTOR),
    "head_deputy_director": (HEAD, DEPUTY, DIRECTOR),
}
SIGNERS: dict[str, Message] = {
    HEAD: N_("Head of the reception room"),
    DEPUTY: N_("Deputy director of the bureau"),
    DIRECTOR: N_("Director of the bureau"),
}
