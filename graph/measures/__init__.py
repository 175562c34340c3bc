"""Measures of the network, each with its formula, source, range and a sentence for a planner."""

from graph.measures.answers import Answer as Answer
from graph.measures.answers import PartyValue as PartyValue
from graph.measures.run import MEASURES as MEASURES
from graph.measures.run import PARTY_MEASURES as PARTY_MEASURES
from graph.measures.run import WHOLE_MEASURES as WHOLE_MEASURES
from graph.measures.run import measure as measure
from graph.measures.words import measure_words as measure_words
