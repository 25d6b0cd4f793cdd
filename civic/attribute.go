package civic

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Attribute is one question of a service (Open311 attribute). Datatype is one of
// string, number, datetime, text, singlevaluelist and multivaluelist. An
// attribute that Informs asks nothing: its description is only to be read.
type Attribute struct {
	Code     string           `json:"code"`
	Datatype string           `json:"datatype"`
	Required bool             `json:"required,omitempty"`
	Informs  bool             `json:"informs,omitempty"`
	Hint     string           `json:"hint,omitempty"` // how to write the answer
	Question string           `json:"question"`
	Values   []AttributeValue `json:"values,omitempty"`
}

// AttributeValue is one answer of a list.
type AttributeValue struct {
	Key  string `json:"key"`
	Name string `json:"name"`
}

// The datatypes of GeoReport v2, service definition.
const (
	TypeString   = "string"
	TypeNumber   = "number"
	TypeDatetime = "datetime"
	TypeText     = "text"
	TypeOne      = "singlevaluelist"
	TypeMany     = "multivaluelist"
)

// Bounds of the answers to one report's questions.
const (
	MaxAnswer      = 1000 // characters
	MaxAnswersEach = 50
)

// attributeCode is what may name a question: it stands between brackets in a form.
var attributeCode = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,60}$`)

// Valid reports whether the question can be asked at all.
func (a Attribute) Valid() bool {
	switch a.Datatype {
	case TypeOne, TypeMany:
		if len(a.Values) == 0 {
			return false
		}
	case TypeString, TypeNumber, TypeDatetime, TypeText:
	default:
		return false
	}
	return attributeCode.MatchString(a.Code)
}

// checkAnswers keeps the answers to the questions that the service asks, tidied.
// Answers to questions that it does not ask are left out: another program may
// know an older list. strict refuses what is required and missing.
func (s Service) checkAnswers(given map[string][]string, strict bool) (map[string][]string, *Error) {
	var kept map[string][]string
	for _, a := range s.Attributes {
		if a.Informs {
			continue
		}
		list, err := a.check(given[a.Code])
		if err != nil {
			return nil, err
		}
		if len(list) > 0 {
			put(&kept, a.Code, list)
		} else if a.Required && strict {
			return nil, Refuse(CodeMissing, "field", "attribute["+a.Code+"]")
		}
	}
	return kept, nil
}

// Check says what is wrong with the answers to one question, or nil.
func (a Attribute) Check(given []string) *Error {
	_, err := a.check(given)
	return err
}

// check tidies the answers to one question; blank ones count for nothing.
func (a Attribute) check(given []string) ([]string, *Error) {
	field := "attribute[" + a.Code + "]"
	var kept []string
	for _, v := range given {
		v, err := tidy(field, v, MaxAnswer)
		if err != nil {
			return nil, err
		}
		if v == "" || slices.Contains(kept, v) {
			continue
		}
		if !a.takes(v) {
			return nil, Refuse(CodeInvalid, "field", field)
		}
		kept = append(kept, v)
	}
	most := 1
	if a.Datatype == TypeMany {
		most = MaxAnswersEach
	}
	if len(kept) > most {
		return nil, Refuse(CodeLimit, "field", field, "max", most)
	}
	return kept, nil
}

func (a Attribute) takes(v string) bool {
	if !utf8.ValidString(v) {
		return false
	}
	switch a.Datatype {
	case TypeNumber:
		return decimal.MatchString(v)
	case TypeDatetime:
		return isMoment(v)
	case TypeOne, TypeMany:
		return slices.ContainsFunc(a.Values, func(one AttributeValue) bool { return one.Key == v })
	case TypeText:
		return true
	default:
		return !strings.ContainsAny(v, "\n\r")
	}
}

// decimal is a number as people and programs write one: never NaN or an infinity.
var decimal = regexp.MustCompile(`^[+-]?([0-9]{1,18}([.,][0-9]{0,18})?|[.,][0-9]{1,18})$`)

// isMoment reports whether a text is a date or an instant of ISO 8601.
func isMoment(v string) bool {
	_, ok := ParseMoment(v, time.UTC)
	return ok
}

// ParseDegrees reads a coordinate as a decimal number, with a point and at most
// an exponent of two digits. ok is false for anything else, NaN and infinities
// too, and for a number outside ±limit.
func ParseDegrees(s string, limit float64) (degrees float64, ok bool) {
	if !coordinate.MatchString(s) {
		return 0, false
	}
	degrees, err := strconv.ParseFloat(s, 64)
	return degrees, err == nil && degrees >= -limit && degrees <= limit
}

var coordinate = regexp.MustCompile(`^[+-]?[0-9]{1,3}(\.[0-9]{0,20})?([eE][+-]?[0-9]{1,2})?$`)
