// probe.go CAFILE ADDRESS CONCURRENCY LIST: a probe by Go's crypto/tls, the stack of zgrab2, tlsx and httpx, done as lean as it can
// be: one pool of roots, a connection a host, full verification, HEAD, the STS field. The last line says how many had one.
package main

import (
	"bufio"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

func probe(host, address string, roots *x509.CertPool) error {
	raw, err := net.DialTimeout("tcp", address, 10*time.Second)
	if err != nil {
		return err
	}
	defer raw.Close()
	raw.SetDeadline(time.Now().Add(30 * time.Second))
	conn := tls.Client(raw, &tls.Config{ServerName: host, RootCAs: roots, MinVersion: tls.VersionTLS10})
	if err := conn.Handshake(); err != nil {
		return err
	}
	request := "HEAD / HTTP/1.1\r\nHost: " + host + "\r\nUser-Agent: probe\r\nAccept: */*\r\nConnection: close\r\n\r\n"
	if _, err := conn.Write([]byte(request)); err != nil {
		return err
	}
	response, err := http.ReadResponse(bufio.NewReader(conn), &http.Request{Method: "HEAD"})
	if err != nil {
		return err
	}
	response.Body.Close()
	if response.Header.Get("Strict-Transport-Security") == "" {
		return fmt.Errorf("no field")
	}
	return nil
}

func main() {
	if len(os.Args) != 5 {
		fmt.Fprintln(os.Stderr, "usage: probe CAFILE ADDRESS CONCURRENCY LIST")
		os.Exit(2)
	}
	pem, err := os.ReadFile(os.Args[1])
	roots := x509.NewCertPool()
	if err != nil || !roots.AppendCertsFromPEM(pem) {
		fmt.Fprintln(os.Stderr, "probe: no roots in", os.Args[1])
		os.Exit(2)
	}
	concurrency, _ := strconv.Atoi(os.Args[3])
	list, err := os.ReadFile(os.Args[4])
	if err != nil {
		fmt.Fprintln(os.Stderr, "probe:", err)
		os.Exit(2)
	}
	hosts := make(chan string, concurrency)
	var good, bad int64
	var all sync.WaitGroup
	for i := 0; i < concurrency; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for host := range hosts {
				if err := probe(host, os.Args[2], roots); err != nil {
					atomic.AddInt64(&bad, 1)
					fmt.Fprintln(os.Stderr, host+":", err)
				} else {
					atomic.AddInt64(&good, 1)
				}
			}
		}()
	}
	for _, host := range strings.Fields(string(list)) {
		hosts <- host
	}
	close(hosts)
	all.Wait()
	fmt.Println(good, "good,", bad, "not")
	if bad > 0 || good == 0 {
		os.Exit(1)
	}
}
