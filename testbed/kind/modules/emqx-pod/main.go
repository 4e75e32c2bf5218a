// What runs in the pod of an EMQX node that weir emulates. The node itself is weir's: this program announces the pod to it, opens the
// node's ports in the pod, and passes each connection on. See ../../emulated/hub.ts.
package main

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"
)

func main() {
	log.SetFlags(0)
	emulator := os.Getenv("WEIR_EMULATOR")
	host, err := os.Hostname()
	if err != nil {
		log.Fatal(err)
	}
	control, err := net.Dial("tcp", emulator)
	if err != nil {
		log.Fatalf("weir does not answer on %s: %v", emulator, err)
	}
	identity := host + " " + address()
	fmt.Fprintf(control, "node %s\n", identity)
	go terminateOnSignal(control)
	lines := bufio.NewScanner(control)
	for lines.Scan() {
		word, rest, _ := strings.Cut(lines.Text(), " ")
		switch word {
		case "listen":
			for _, port := range strings.Fields(rest) {
				if err := listen(port, emulator, identity); err != nil {
					log.Fatal(err)
				}
			}
		case "exit":
			code, _ := strconv.Atoi(rest)
			os.Exit(code)
		case "error":
			log.Print(rest)
		}
	}
	log.Fatal("weir has ended")
}

// address is the pod's own.
func address() string {
	addresses, _ := net.InterfaceAddrs()
	for _, one := range addresses {
		if network, ok := one.(*net.IPNet); ok && !network.IP.IsLoopback() && network.IP.To4() != nil {
			return network.IP.String()
		}
	}
	return "-"
}

// terminateOnSignal leaves the end to the node, which takes its time.
func terminateOnSignal(control net.Conn) {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	<-signals
	fmt.Fprintln(control, "terminate")
}

func listen(port, emulator, identity string) error {
	listener, err := net.Listen("tcp", ":"+port)
	if err != nil {
		return err
	}
	go func() {
		for {
			client, err := listener.Accept()
			if err != nil {
				log.Fatal(err)
			}
			go carry(client.(*net.TCPConn), port, emulator, identity)
		}
	}()
	return nil
}

// carry passes the bytes of both sides on, and the end of each. A connection that one side resets is reset for the other.
func carry(client *net.TCPConn, port, emulator, identity string) {
	dialled, err := net.Dial("tcp", emulator)
	if err != nil {
		reset(client)
		return
	}
	node := dialled.(*net.TCPConn)
	fmt.Fprintf(node, "connection %s %s\n", identity, port)
	// One byte: from here on the connection is the client's.
	if _, err := io.ReadFull(node, make([]byte, 1)); err != nil {
		reset(client)
		node.Close()
		return
	}
	done := make(chan bool, 2)
	for _, pair := range [][2]*net.TCPConn{{client, node}, {node, client}} {
		go func() {
			_, err := io.Copy(pair[1], pair[0])
			if err != nil {
				reset(pair[0])
				reset(pair[1])
			} else {
				pair[1].CloseWrite()
			}
			done <- true
		}()
	}
	<-done
	<-done
	client.Close()
	node.Close()
}

func reset(connection *net.TCPConn) {
	connection.SetLinger(0)
	connection.Close()
}
