"""Turns match results into a league table.

Teams are ranked by points, then by goal difference, then by goals scored, and finally by name so that the
order is always the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Match:
    """The result of one football match."""

    home: str
    away: str
    home_goals: int
    away_goals: int


@dataclass
class Row:
    """The season of one team so far."""

    team: str
    won: int = 0
    drawn: int = 0
    lost: int = 0
    goals_for: int = 0
    goals_against: int = 0

    @property
    def played(self) -> int:
        return self.won + self.drawn + self.lost

    @property
    def points(self) -> int:
        """Three points for a win, one for a draw."""
        return 3 * self.won + self.drawn

    @property
    def goal_difference(self) -> int:
        return self.goals_for - self.goals_against

    def add(self, scored: int, conceded: int) -> None:
        """Books one match from this team's point of view."""
        self.goals_for += scored
        self.goals_against += conceded
        if scored > conceded:
            self.won += 1
        elif scored == conceded:
            self.drawn += 1
        else:
            self.lost += 1


def league_table(matches: Iterable[Match]) -> list[Row]:
    """Returns the rows of the table, the leader first.

    Teams appear as soon as they have played once. A team that plays against itself is a mistake in the data.
    """
    rows: dict[str, Row] = {}
    for match in matches:
        if match.home == match.away:
            raise ValueError(f"{match.home} cannot play against itself.")
        rows.setdefault(match.home, Row(match.home)).add(match.home_goals, match.away_goals)
        rows.setdefault(match.away, Row(match.away)).add(match.away_goals, match.home_goals)
    return sorted(rows.values(), key=lambda row: (-row.points, -row.goal_difference, -row.goals_for, row.team))


def relegated(table: list[Row], places: int = 3) -> list[str]:
    """Names the teams on the last places, the worst one last."""
    return [row.team for row in table[-places:]] if places > 0 else []
