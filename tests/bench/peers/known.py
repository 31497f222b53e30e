"""What the peers in Python know of the sources and of the rules.

Belongs here: numbers, and where a contact stands. Does not belong here: reading or folding.
"""

# Days of RFM, days that a rate holds with its own, and records beyond which a value is nobody's.
WINDOW_DAYS, RATE_DAYS, MOST_RECORDS = 365, 11, 200
LANDLINE = r"^\+86(?:[2-9]|10)"
# By source: the prefix of its record keys, and its columns of phones and of e-mails.
CRM = {"zoho/contacts": ("zoho:", ["mobile", "phone"], ["email", "secondary_email"]),
       "zoho/leads": ("zoho.lead:", ["mobile", "phone"], ["email"]),
       "fxiaoke/customers": ("fxiaoke:", ["phone"], ["email"]),
       "fxiaoke/contacts": ("fxiaoke.contact:", ["mobile", "mobile_2", "mobile_3", "phone",
                                                 "phone_2", "phone_3"], ["email"]),
       "fxiaoke/leads": ("fxiaoke.lead:", ["mobile", "phone"], ["email"])}  # fmt: skip
