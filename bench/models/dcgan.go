package models

import "fig5/bench/data"

// dcgan is the convolutional pair of the paper's Figure 4: that of Radford et al. (2016)
// with noise as large as a sample, through a linear projection, and no tanh at the end.
// Radford's width is 128 for 64 × 64 pixels.
var dcgan = Model{
	Name: "dcgan",
	For:  "images of 32 × 32 or 64 × 64 pixels",
	Fits: func(s data.Shape) bool { return s.Height == s.Width && (s.Width == 32 || s.Width == 64) },
	Nets: func(c Choice, s data.Shape) (g, d Net) {
		image := Maps{s.Channels, s.Width, true}
		small := Maps{Channels: c.Width * s.Width / 8, Side: 4}
		norm := c.DiscriminatorNorm != None

		g = Net{{In: s.Len(), Out: small.Len(), BatchNorm: true, Act: ReLU, To: small}}
		for from := small; from.Side < image.Side; {
			to, last := Maps{Channels: from.Channels / 2, Side: 2 * from.Side}, 2*from.Side == image.Side
			act := ReLU
			if last {
				to, act = image, Identity
			}
			g = append(g, Layer{from.Len(), to.Len(), !last, act, Deconv, from, to})
			from = to
		}
		for from := image; from.Side > small.Side; {
			to := Maps{Channels: c.Width * image.Side / from.Side, Side: from.Side / 2}
			d = append(d, Layer{from.Len(), to.Len(), norm && len(d) > 0, LeakyReLU, Conv, from, to})
			from = to
		}
		return g, append(d, Layer{In: small.Len(), Out: 1})
	},
}
