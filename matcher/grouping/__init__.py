"""Alliance design: parties in even, connected groups (街区, branches), compared with today's."""

from matcher.grouping.design import Design, Grouping
from matcher.grouping.today import TODAY, continue_groups, groups_of

__all__ = ["TODAY", "Design", "Grouping", "continue_groups", "groups_of"]
