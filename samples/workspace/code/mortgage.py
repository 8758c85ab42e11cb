"""Monthly payments and the repayment schedule of a fixed-rate mortgage."""

from decimal import ROUND_HALF_UP, Decimal
from typing import Iterator, NamedTuple

CENT = Decimal("0.01")


class Installment(NamedTuple):
    month: int
    interest: Decimal
    principal: Decimal
    balance: Decimal


def monthly_payment(loan: Decimal, annual_rate: Decimal, months: int) -> Decimal:
    """The constant payment of an annuity loan.

    `annual_rate` is a fraction: 0.045 means four and a half percent a year.
    """
    if months < 1:
        raise ValueError("A mortgage runs for at least one month.")
    if annual_rate == 0:
        return (loan / months).quantize(CENT, ROUND_HALF_UP)
    rate = annual_rate / 12
    growth = (1 + rate) ** months
    return (loan * rate * growth / (growth - 1)).quantize(CENT, ROUND_HALF_UP)


def schedule(loan: Decimal, annual_rate: Decimal, months: int) -> Iterator[Installment]:
    """Yields every installment; the last one absorbs the cents that rounding left over."""
    payment = monthly_payment(loan, annual_rate, months)
    balance = loan
    for month in range(1, months + 1):
        interest = (balance * annual_rate / 12).quantize(CENT, ROUND_HALF_UP)
        principal = balance if month == months else min(payment - interest, balance)
        balance -= principal
        yield Installment(month, interest, principal, balance)
