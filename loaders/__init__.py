"""How lists get in and out, with a report for every cell that is wrong."""

from loaders.known import Known
from loaders.problems import Problem
from loaders.read import Reading, read
from loaders.report import LoadReport

__all__ = ["Known", "LoadReport", "Problem", "Reading", "read"]
