"""Where the petition office's settings come from, and the units they are counted in."""

from core.i18n import N_

REGULATION = "Regulation on petition work 2022"
LOCAL = "Rules of a municipal petition office"
CIVIL_CODE = "Civil Code, articles 201 and 203"
RECEPTION = "Procedure of a municipal reception room"
PRACTICE = "Common practice; decide for your office"
ARCHIVES = "Rules on keeping files of public bodies 2006 (30 years, 10 years)"

DAYS = N_("days")
WORKING_DAYS = N_("working days")
