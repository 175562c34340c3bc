"""A match kept up to date: needs and offers come and go, and the optimum is restored after each event."""

from matcher.live.change import CapacityChanges as CapacityChanges
from matcher.live.change import Change as Change
from matcher.live.change import CostChanges as CostChanges
from matcher.live.change import LiveError as LiveError
from matcher.live.change import LiveEvent as LiveEvent
from matcher.live.change import Lock as Lock
from matcher.live.change import Move as Move
from matcher.live.change import NeedArrives as NeedArrives
from matcher.live.change import NeedWithdrawn as NeedWithdrawn
from matcher.live.change import OfferJoins as OfferJoins
from matcher.live.change import OfferLeaves as OfferLeaves
from matcher.live.change import QuantityChanges as QuantityChanges
from matcher.live.change import Refuse as Refuse
from matcher.live.change import UnitCapacityChanges as UnitCapacityChanges
from matcher.live.change import UnitJoins as UnitJoins
from matcher.live.change import UnitLeaves as UnitLeaves
from matcher.live.follow import Followed as Followed
from matcher.live.follow import Follower as Follower
from matcher.live.match import LiveMatch as LiveMatch
