"""Alliance design: parties in even, connected groups (街区, branches), compared with today's."""
