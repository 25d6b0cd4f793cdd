package civic

// Subscription is a wish to hear of one report or of an area. Code is the
// report's. Who wishes it is kept apart.
type Subscription struct {
	ID     SubscriptionID
	Report ReportID
	Code   Code
	Area   AreaID
}

// SubscriptionID names a wish.
type SubscriptionID = ID[Subscription]

// SubscriptionOf names the wish that came with a follow.
func SubscriptionOf(key TownKey, follow EditID) SubscriptionID {
	return KeyedID[Subscription](key, follow, "subscription")
}
