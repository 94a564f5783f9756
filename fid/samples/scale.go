package samples

import (
	"fmt"
	"math"
)

// Scale is what the numbers of samples are taken for.
type Scale int

const (
	NoScale  Scale = iota // that of statistics, which do not tell
	AsStored              // floating-point numbers as they are
	Integers              // integers as they are
	Bytes                 // 0 to 255, brought to [-1, 1]
	ZeroOne               // [0, 1], brought to [-1, 1]
	Signed                // [-1, 1]
)

func (s Scale) String() string {
	return [...]string{"statistics", "floats, not rescaled", "integers, not rescaled", "bytes, brought to [-1, 1]",
		"numbers in [0, 1], brought to [-1, 1]", "numbers in [-1, 1]"}[s]
}

// level is what the numbers of images may be outside their range by rounding: one of
// 255 levels.
const level = 1.0 / 255

// scaleOf tells what the numbers of images from lo to hi are. What is near [-1, 1] needs
// no change, so that it may be farther outside.
func scaleOf(integer bool, lo, hi float64) Scale {
	switch {
	case integer && (lo < 0 || hi > 255):
		return Integers
	case integer && hi > 1:
		return Bytes
	case lo >= -level && hi <= 1+level:
		return ZeroOne
	case lo >= -1.25 && hi <= 1.25:
		return Signed
	case lo >= -1 && hi > 16 && hi <= 256:
		return Bytes
	}
	return AsStored
}

// toSigned brings a number to [-1, 1].
func (s Scale) toSigned(v float64) float64 {
	switch s {
	case Bytes:
		return v/127.5 - 1
	case ZeroOne:
		return 2*v - 1
	}
	return v
}

// rescale finds the scale of an array before its first row is read: that of images, and of
// integers that are to be images.
func (s *Set) rescale() error {
	integer := s.Scale == Integers
	if s.limits == nil || s.layout == (Layout{}) || s.stored == (stored{}) && !integer {
		return nil
	}
	lo, hi, err := s.limits()
	if err != nil {
		return err
	}
	s.Scale = scaleOf(integer, lo, hi)
	switch unscaled := s.Scale == AsStored || s.Scale == Integers; {
	case s.Scale == Integers && s.pixels:
		return fmt.Errorf("holds integers from %g to %g; pixels are 0 to 255", lo, hi)
	case unscaled && !math.IsInf(lo, 0) && !math.IsInf(hi, 0):
		s.warn("numbers from %.4g to %.4g are not those of images in [0, 1], [-1, 1] or 0 to 255, and are not rescaled", lo, hi)
	case s.Scale == Signed && lo > -0.25 && hi > 0.75:
		s.warn("taken as in [-1, 1] for its smallest number, %.4g; where the images are in [0, 1], cut what is below 0", lo)
	}
	return nil
}

// fill reads rows, as images if they are that, and brings them to [-1, 1].
func (s *Set) fill(dst []float64) error {
	if !s.stored.last && s.stored.channels < 4 {
		if err := s.read(dst); err != nil {
			return err
		}
	} else {
		row := make([]float64, s.stored.channels*s.layout.Height*s.layout.Width)
		for rows := dst; len(rows) > 0; rows = rows[s.D:] {
			if err := s.read(row); err != nil {
				return err
			}
			s.stored.arrange(rows[:s.D], row)
		}
	}
	if s.Scale == Bytes || s.Scale == ZeroOne {
		for i, v := range dst {
			dst[i] = s.Scale.toSigned(v)
		}
	}
	return nil
}

func (s *Set) warn(format string, args ...any) {
	s.Warnings = append(s.Warnings, fmt.Sprintf(format, args...))
}

// Source says what the file was taken for. The scale of an array is known once a row
// was read.
func (s *Set) Source() string {
	if s.layout == (Layout{}) {
		return fmt.Sprintf("%d samples of %d numbers, %s", s.N, s.D, s.Scale)
	}
	how := "colour"
	if s.layout.Channels == 1 {
		how = "grey"
	}
	order := ""
	switch {
	case s.stored == (stored{}) || len(s.shape) < 3:
	case s.stored.last:
		order = "channels last, "
	default:
		order = "channels first, "
	}
	if s.stored.channels == 4 {
		order += "alpha dropped, "
	}
	return fmt.Sprintf("%d %s images of %d×%d pixels, %s%s", s.N, how, s.layout.Width, s.layout.Height, order, s.Scale)
}
