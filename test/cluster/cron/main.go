// Prints how Kubernetes understands cron expressions, a row a line: the table test/schedules/cron-table.jsonl.
//
//	cd test/cluster && go run ./cron > ../schedules/cron-table.jsonl
package main

import (
	"encoding/json"
	"os"
	"time"
	_ "time/tzdata"

	"github.com/robfig/cron/v3"
)

// The library and the function with which kube-apiserver validates a schedule, and the CronJob controller computes it.
func parse(expression string) (cron.Schedule, error) { return cron.ParseStandard(expression) }

type row struct {
	Expression string   `json:"expression"`
	TimeZone   string   `json:"timeZone,omitempty"`
	After      string   `json:"after,omitempty"`
	Times      []string `json:"times,omitempty"`
	Refused    bool     `json:"refused,omitempty"`
}

// Times shortly before the clocks of these zones change in 2026, if they do.
var changes = map[string][]string{
	"Etc/UTC":          {"2026-02-26T12:00:00Z", "2026-12-30T00:00:00Z"},
	"America/New_York": {"2026-03-07T12:00:00Z", "2026-03-08T06:58:30Z", "2026-10-31T12:00:00Z", "2026-11-01T05:58:30Z"},
	"Europe/Berlin":    {"2026-03-28T12:00:00Z", "2026-10-24T12:00:00Z", "2026-10-25T01:10:00Z"},
	"America/Santiago": {"2026-04-04T00:00:00Z", "2026-09-05T00:00:00Z"},
	"America/Havana":   {"2026-03-07T00:00:00Z", "2026-10-31T00:00:00Z"},
	"Africa/Cairo":     {"2026-04-23T00:00:00Z", "2026-10-29T00:00:00Z"},
	"Pacific/Chatham":  {"2026-04-04T00:00:00Z", "2026-09-26T00:00:00Z"},
	"Asia/Kolkata":     {"2026-06-30T00:00:00Z"},
}

var zones = []string{
	"Etc/UTC", "America/New_York", "Europe/Berlin", "America/Santiago", "America/Havana", "Africa/Cairo",
	"Pacific/Chatham", "Asia/Kolkata",
}

var expressions = []string{
	"* * * * *", "*/15 * * * *", "0 * * * *", "0 0 * * *", "30 0 * * *", "0 1 * * *", "30 1 * * *", "59 1 * * *",
	"0 2 * * *", "30 2 * * *", "45 2 * * *", "0 3 * * *", "30 23 * * *", "*/20 1-3 * * *", "0 */2 * * *", "5/20 1/6 * * *",
	"0 9 * * 1-5", "0 9 * * MON-FRI", "0 9 * * sun,Sat", "0 9 1 * *", "0 9 1 * 1", "0 9 13 * 5", "0 9 */2 * 1", "0 9 * * */2",
	"0 9 */10 * *", "0 9 1-31 * 1", "0 9 *,5 * 1", "0 9 ? * 1", "0 9 */1 * 1", "0 9 1 * ?", "0 9 31 * *", "0 9 29 2 *",
	"0 9 31 2 *", "0 9 30 2 1", "0 0 1 1 *", "0 0 1 JAN-mar/2 *", "0 0 1 */5 *", "0 9 L * *", "0 0 * * 0", "10-50/20 4 * * *",
	"1,,2 5 * * *", ", 5 * * *", "*-5 5 * * *", "+5 5 * * *", "05 05 * * *", " 0  9 *\t* * ",
}

var refused = []string{
	"", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *", "* * * 13 *", "* * * 0 *", "* * * * 7",
	"* * * * 0-7", "* * * * fri-mon", "50-10 * * * *", "*/0 * * * *", "*/-1 * * * *", "1-2-3 * * * *", "1/2/3 * * * *",
	"a * * * *", "* * * * monday", "* * * january *", "* * L * *", "* * 15W * *", "* * * * 5L", "* * * * 1#2", "H * * * *", "@reboot",
	"1.5 * * * *", "0x5 * * * *", "1e1 * * * *", "-5 * * * *", "* mon * * *", "/5 * * * *", "5- * * * *", "~ * * * *",
}

func main() {
	var rows []row
	for _, expression := range append(refused, expressions...) {
		schedule, err := parse(expression)
		if err != nil {
			rows = append(rows, row{Expression: expression, Refused: true})
			continue
		}
		for _, zone := range zones {
			location, err := time.LoadLocation(zone)
			if err != nil {
				panic(err)
			}
			for _, after := range changes[zone] {
				rows = append(rows, row{expression, zone, after, next(schedule, location, after), false})
			}
		}
	}
	encoder := json.NewEncoder(os.Stdout)
	for _, row := range rows {
		if err := encoder.Encode(row); err != nil {
			panic(err)
		}
	}
}

func next(schedule cron.Schedule, location *time.Location, after string) []string {
	at, err := time.Parse(time.RFC3339, after)
	if err != nil {
		panic(err)
	}
	times := []string{}
	for range 4 {
		at = schedule.Next(at.In(location))
		if at.IsZero() {
			break
		}
		times = append(times, at.UTC().Format(time.RFC3339))
	}
	return times
}
