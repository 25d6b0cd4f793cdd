package civic

import "testing"

func TestSumVectorsOfTheProtocol(t *testing.T) {
	id := MustID[Report]("01890a5d-ac96-774b-bcce-b302099a8057")
	one, three := SumOf(id, 1), SumOf(id, 300)
	for _, c := range []struct {
		got  Sum
		want string
	}{
		{Sum{}, "0000000000000000"},
		{one, "c3d68820ab80ad25"},
		{three, "b2d42ec6ac82ed4f"},
		{one.Add(three), "76aab6e658039a74"},
		{one.Add(three).Sub(three), "c3d68820ab80ad25"},
	} {
		if c.got.String() != c.want {
			t.Errorf("sum %s, want %s", c.got, c.want)
		}
	}
}
