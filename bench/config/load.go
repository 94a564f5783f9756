package config

import (
	"fig5/filters"
)

// keyError is an error about the value of one key.
type keyError struct{ path, message string }

func (e keyError) Error() string { return e.path + ": " + e.message }

// Load reads the sweep in the file at path over the files of its base keys and the
// defaults, then applies sets, each "path=value" with the value in YAML, and checks
// every key. Its errors begin with the file and line, or with --set.
func Load(path string, sets []string) (*Config, error) { return load(path, sets) }

// LoadAnalysis is the analysis section's defaults with sets applied, each
// "analysis.path=value".
func LoadAnalysis(sets []string) (filters.Analysis, error) { return loadAnalysis(sets) }
