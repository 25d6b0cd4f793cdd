package civic

import "slices"

// Step is one move between statuses.
type Step struct{ From, To Status }

var (
	office = []Role{RoleOperator, RoleAdmin}
	field  = []Role{RoleOperator, RoleForeman, RoleAdmin, RoleCrew, RoleContractor}
	plan   = []Role{RoleOperator, RoleForeman, RoleAdmin}
	// Another program passes on what its own people say.
	closer = []Role{RoleCitizen, RoleService, RoleSystem}
)

// steps is the whole table of who may take which step by a transition. What is
// not here is illegal for everybody. Assign and contest move the status too;
// their own rules say when.
var steps = map[Step][]Role{
	{StatusNew, StatusAcknowledged}: {RoleOperator, RoleForeman, RoleAdmin, RoleSystem},

	{StatusAcknowledged, StatusPlanned}:    plan,
	{StatusAcknowledged, StatusInProgress}: field,
	{StatusAcknowledged, StatusResolved}:   field,
	{StatusAcknowledged, StatusWaiting}:    plan,

	{StatusAssigned, StatusPlanned}:    {RoleOperator, RoleForeman, RoleAdmin, RoleCrew, RoleContractor},
	{StatusAssigned, StatusInProgress}: field,
	{StatusAssigned, StatusResolved}:   field,
	{StatusAssigned, StatusWaiting}:    field,

	{StatusPlanned, StatusAssigned}:   plan,
	{StatusPlanned, StatusInProgress}: field,
	{StatusPlanned, StatusWaiting}:    plan,

	{StatusInProgress, StatusWaiting}:  field,
	{StatusInProgress, StatusResolved}: field,

	{StatusWaiting, StatusAcknowledged}: {RoleOperator, RoleForeman, RoleAdmin, RoleSystem},
	{StatusWaiting, StatusAssigned}:     {RoleOperator, RoleForeman, RoleAdmin, RoleCrew, RoleContractor, RoleSystem},
	{StatusWaiting, StatusPlanned}:      {RoleOperator, RoleForeman, RoleAdmin, RoleSystem},
	{StatusWaiting, StatusInProgress}:   {RoleOperator, RoleForeman, RoleAdmin, RoleCrew, RoleContractor, RoleSystem},

	{StatusNew, StatusRejected}:          office,
	{StatusAcknowledged, StatusRejected}: office,
	{StatusAssigned, StatusRejected}:     office,
	{StatusInProgress, StatusRejected}:   office,
	{StatusPlanned, StatusRejected}:      office,
	{StatusWaiting, StatusRejected}:      office,

	{StatusResolved, StatusClosed}: closer,
	// Proof that never came, or a body that answered: the system's to take back.
	{StatusResolved, StatusAcknowledged}: {RoleSystem},
}

// Legal reports whether the step exists for anybody.
func (s Step) Legal() bool { return len(steps[s]) > 0 }

// MayTake reports whether a role may take the step by a transition.
func MayTake(role Role, s Step) bool { return slices.Contains(steps[s], role) }

// mayEver reports whether a role may bring a report to a status from anywhere.
func mayEver(role Role, to Status) bool {
	for step, roles := range steps {
		if step.To == to && slices.Contains(roles, role) {
			return true
		}
	}
	return false
}

// StepsFrom lists where a role may go from a status, in the statuses' order.
func StepsFrom(role Role, from Status) []Status {
	var to []Status
	for _, s := range Statuses {
		if MayTake(role, Step{from, s}) {
			to = append(to, s)
		}
	}
	return to
}
