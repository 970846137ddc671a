"""Types that no library knows: beside rules written a second time, as patterns."""

import re
import string

from comparison import Comparison, bare, digits

LETTERS = string.ascii_lowercase


def word(source, most, extra=""):
    return "".join(source.choice(LETTERS + string.digits + extra) for _ in range(source.randrange(2, most)))


def upi(source):
    return f"{word(source, 20, '._-')}@{source.choice(LETTERS)}{word(source, 9)}"


def judge_upi(text):
    return bool(re.fullmatch(r"[a-zA-Z0-9._-]{2,256}@[a-zA-Z][a-zA-Z0-9]{1,63}", text.strip(" \t")))


def swish(source):
    number = "123" + digits(source, 7)
    return number if source.random() < 0.5 else f"{number[:3]} {number[3:6]} {number[6:8]} {number[8:]}"


def judge_swish(text):
    number = bare(text)
    return bool(re.fullmatch("123[0-9]{7}", number)) and number != "1230000000"


def mpesa(source):
    country = source.choice(["KE", "TZ", "MZ", "ke"])
    number = str(source.randrange(10_000, 9_999_999))
    return source.choice([f"{country}|till|{number}", f"{country}|Paybill|{number}", f"{country}|paybill|{number}|{word(source, 15)}"])


def judge_mpesa(text):
    text = text.replace(" ", "").upper()
    return bool(re.fullmatch(
        r"(CD|EG|ET|GH|KE|LS|MZ|TZ)\|(TILL\|[1-9][0-9]{4,6}|PAYBILL\|[1-9][0-9]{4,6}(\|[A-Z0-9/_.#-]{1,20})?)", text))


def merchant(source):
    return f"{source.choice(['', '0', '000'])}{source.randrange(1, 10**9)}|{source.choice(['', '00'])}{word(source, 13).upper()}"


def judge_merchant(text):
    acquirer, bar, acceptor = text.partition("|")
    acquirer, acceptor = acquirer.strip(" "), acceptor.strip(" ")
    return bool(bar and re.fullmatch("[0-9]{1,11}", acquirer) and re.fullmatch("[ -{}~]{1,15}", acceptor)
                and acquirer.strip("0") and acceptor.strip("0 "))


def handle(source):
    return source.choice([
        f"cashapp-us|${source.choice(LETTERS)}{word(source, 15)}", f"venmo|@{source.choice(LETTERS)}{word(source, 20, '-_')}abc",
        f"revolut|{word(source, 10)}a", f"otherpay|{word(source, 30, '._-')}"])


def judge_handle(text):
    scheme, bar, name = text.partition("|")
    scheme, name = scheme.strip(" ").lower(), name.strip(" ")
    rules = {
        "cashapp-us": r"\$?(?=[0-9]*[a-z])[a-z0-9]{1,20}", "venmo": r"@?[a-z0-9_-]{5,30}", "revolut": r"@?[a-z0-9]{3,16}",
        "otherpay": r"@?[a-z0-9._-]{1,64}"}
    if scheme not in rules:
        return None
    return bool(bar and re.fullmatch(rules[scheme], name.lower()))


ALL = [
    Comparison("upi-vpa", "pattern", upi, judge_upi),
    Comparison("swish-number", "pattern", swish, judge_swish),
    Comparison("mpesa-shortcode", "pattern", mpesa, judge_mpesa),
    Comparison("merchant-id", "pattern", merchant, judge_merchant),
    Comparison("wallet-handle", "pattern", handle, judge_handle),
]
