// Switches auto-extend on or off for orders: go run switch.go off IPv4 11111
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"time"
)

type answer struct {
	Success  *bool `json:"success"`
	Quantity *int  `json:"quantity"`
	Error    *struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
	} `json:"error"`
}

// usable says whether the answer can be understood; a refusal has HTTP status 200 as well.
func (a answer) usable() bool {
	if a.Success == nil {
		return false
	}
	if *a.Success {
		return a.Quantity != nil
	}
	return a.Error != nil
}

var client = http.Client{
	Timeout: 30 * time.Second,
	// The key is in the path, so a redirect could hand it to another host.
	CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
}

// post sends the request again after a failure: it sets a state, so that does no harm.
func post(url string, body []byte) answer {
	for attempt := 0; attempt < 4; attempt++ {
		response, err := client.Post(url, "application/json", bytes.NewReader(body))
		if err == nil {
			var got answer
			failure := json.NewDecoder(response.Body).Decode(&got)
			response.Body.Close()
			if response.StatusCode == 200 && failure == nil && got.usable() {
				return got
			}
			status := response.StatusCode
			if status >= 400 && status < 500 && status != 408 && status != 429 {
				fail("The server refused the request with HTTP %d. Nothing was changed.", status)
			}
		}
		time.Sleep(200 * time.Millisecond << attempt)
	}
	fail("There was no usable answer. Whether anything was changed is unknown: list your orders.")
	panic("not reached")
}

func fail(format string, values ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", values...)
	os.Exit(1)
}

func setting(name, fallback string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return fallback
}

func main() {
	if len(os.Args) < 4 {
		fail("Give on or off, a proxy type and order IDs, such as: off IPv4 11111")
	}
	body, _ := json.Marshal(map[string]any{
		"proxyType":      os.Args[2],
		"orderIds":       os.Args[3:],
		"rentPeriodDays": 30,
		"autoExtend":     os.Args[1] == "on",
	})
	base := setting("AUTO_EXTEND_BASE_URL", "http://127.0.0.1:4010")
	got := post(base+"/client/api/v1/"+setting("AUTO_EXTEND_API_KEY", "any-key")+"/extend/order/auto", body)
	if !*got.Success {
		fail("Refused with error %d: %s", got.Error.Code, got.Error.Message)
	}
	fmt.Printf("IP addresses switched %s: %d\n", os.Args[1], *got.Quantity)
}
