package english

import "testing"

func TestWords(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Thousands(9999), "9999"},
		{Thousands(10000), "10,000"},
		{Thousands(1234567), "1,234,567"},
		{Duration(90), "90 s"},
		{Duration(2100), "35 min"},
		{Duration(9000), "2.5 h"},
		{Duration(267840), "3.1 days"},
		{Bytes(0), "0 B"},
		{Bytes(999), "999 B"},
		{Bytes(3_217_000), "3.22 MB"},
		{Bytes(1_207_959_552), "1.21 GB"},
		{Plural(1, "seed"), "1 seed"},
		{Plural(0, "seed"), "0 seeds"},
		{List(nil), ""},
		{List([]string{"a"}), "a"},
		{List([]string{"a", "b", "c"}), "a, b and c"},
		{Ints([]int{1, 5, 25000}), "1, 5, 25,000"},
		{Seeds([]int{20, 21, 22, 23}), "20 to 23"},
		{Seeds([]int{1, 2, 5, 6, 7, 9}), "1, 2, 5 to 7 and 9"},
	} {
		if c.got != c.want {
			t.Errorf("%q, want %q", c.got, c.want)
		}
	}
}
