"""Moving averages of a series of prices, for charts of the stock market."""

from collections import deque
from collections.abc import Iterable, Iterator


def simple_moving_average(prices: Iterable[float], window: int) -> Iterator[float]:
    """Yields the mean of the last `window` prices, beginning when the window is full."""
    if window < 1:
        raise ValueError("The window must hold at least one price.")
    recent: deque[float] = deque(maxlen=window)
    total = 0.0
    for price in prices:
        if len(recent) == window:
            total -= recent[0]
        recent.append(price)
        total += price
        if len(recent) == window:
            yield total / window


def exponential_moving_average(prices: Iterable[float], span: int) -> Iterator[float]:
    """Weights recent prices more; a price that is `span` days old has lost about 86 percent of its weight."""
    alpha = 2 / (span + 1)
    average: float | None = None
    for price in prices:
        average = price if average is None else alpha * price + (1 - alpha) * average
        yield average
