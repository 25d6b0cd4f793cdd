package civic

import "slices"

// The fields in which edits meet.
const (
	FieldStatus      Field = "status"
	FieldAssignment  Field = "assignment"
	FieldTitle       Field = "title"
	FieldDescription Field = "description"
	FieldService     Field = "service"
	FieldLocation    Field = "location"
	FieldAddress     Field = "address"
	FieldPriority    Field = "priority"
	FieldHazard      Field = "hazard"
)

var (
	everyone = []Role{
		RoleCitizen, RoleOperator, RoleForeman, RoleCrew, RoleContractor, RoleAdmin,
		RoleService, RoleSystem,
	}
	workers   = []Role{RoleOperator, RoleForeman, RoleCrew, RoleContractor, RoleAdmin, RoleSystem}
	answerers = []Role{RoleOperator, RoleForeman, RoleAdmin, RoleSystem}
	clock     = []Role{RoleSystem}
)

// kinds is every edit there is. A new kind is a new line here and a file of its
// own; nothing else changes.
var kinds = map[Kind]kind{
	KindCreate:     on(everyone, (*change).create),
	KindTransition: on(everyone, (*change).transition),
	KindAssign:     on([]Role{RoleOperator, RoleForeman, RoleAdmin, RoleCrew, RoleSystem}, (*change).assign),
	KindSet:        on(workers, (*change).set),
	KindCheck:      on(workers, (*change).check),
	KindNote:       on(workers, (*change).note),
	KindReply:      on(append([]Role{RoleCrew, RoleContractor}, answerers...), (*change).reply),
	KindMessage:    on([]Role{RoleCitizen, RoleService}, (*change).message),
	KindAttach:     on(everyone, (*change).attach),
	KindPhoto:      on(clock, (*change).photo),
	KindContest:    on([]Role{RoleCitizen, RoleService}, (*change).contest),
	KindFollow:     on([]Role{RoleCitizen}, (*change).meToo),
	KindRate:       on([]Role{RoleCitizen}, (*change).rate),
	KindPublish:    on(answerers, (*change).publish),
	KindHide:       on(answerers, (*change).hide),
	KindRedact:     on(answerers, (*change).redact),
	KindExpire:     on(clock, (*change).expire),
	KindErasure:    on(append([]Role{RoleCitizen}, answerers...), (*change).erasure),
	KindPurge:      on([]Role{RoleAdmin, RoleSystem}, (*change).purge),
	KindPIN:        on([]Role{RoleOperator, RoleForeman, RoleAdmin}, (*change).pin),
}

// Kinds lists the kinds that the rules know.
func Kinds() []Kind {
	list := make([]Kind, 0, len(kinds))
	for k := range kinds {
		list = append(list, k)
	}
	return list
}

// Roles are those that may make edits of a kind, nil for a kind that the rules do not
// know. Whether one of them may touch a case is another question.
func (k Kind) Roles() []Role { return slices.Clone(kinds[k].roles) }
