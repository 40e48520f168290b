// Holds a ledger against golang.org/x/mod/sumdb, the packages behind the Go checksum database, which know nothing of
// this project: they open its notes, read its tiles and check its proofs.
//
// Usage: sumdb URL VKEY STATE. STATE is a file that keeps the checkpoint of the last run; when it is there, the ledger
// has to have grown from it.
package main

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

const height = 8

// A tree as a checkpoint describes it: origin, size and root, a line each.
type checkpoint struct {
	origin string
	tree   tlog.Tree
	text   []byte
}

func get(url string) ([]byte, error) {
	answer, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", url, answer.Status)
	}
	return io.ReadAll(answer.Body)
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

func require(holds bool, what string, values ...any) {
	if !holds {
		log.Fatalf(what, values...)
	}
}

func open(text []byte, verifier note.Verifier) (*checkpoint, error) {
	opened, err := note.Open(text, note.VerifierList(verifier))
	if err != nil {
		return nil, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[3] != "" {
		return nil, fmt.Errorf("%d lines", len(lines))
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return nil, err
	}
	root, err := tlog.ParseHash(lines[2])
	if err != nil {
		return nil, err
	}
	return &checkpoint{lines[0], tlog.Tree{N: size, Hash: root}, text}, nil
}

// The tiles of a ledger. C2SP leaves the height out of their paths.
type tiles struct{ url string }

func (tiles) Height() int                     { return height }
func (tiles) SaveTiles([]tlog.Tile, [][]byte) {}

func (t tiles) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	found := make([][]byte, len(wanted))
	for i, tile := range wanted {
		path := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/", height), "tile/", 1)
		data, err := get(t.url + "/" + path)
		if err != nil {
			return nil, err
		}
		found[i] = data
	}
	return found, nil
}

// All leaves, from the bundles of entries: each after its length in two bytes.
func leaves(url string, size int64) [][]byte {
	var all [][]byte
	for first := int64(0); first < size; first += 1 << height {
		width := size - first
		if width > 1<<height {
			width = 1 << height
		}
		tile := tlog.Tile{H: height, L: 0, N: first >> height, W: int(width)}
		path := strings.Replace(tile.Path(), fmt.Sprintf("tile/%d/0/", height), "tile/entries/", 1)
		bundle := must(get(url + "/" + path))
		for i := int64(0); i < width; i++ {
			length := int(binary.BigEndian.Uint16(bundle))
			all = append(all, bundle[2:2+length])
			bundle = bundle[2+length:]
		}
		require(len(bundle) == 0, "%s: %d bytes too many", path, len(bundle))
	}
	return all
}

// The hashes of a C2SP tlog-proof, and the checkpoint under them.
func readProof(text []byte) (tlog.RecordProof, []byte) {
	head, signed, found := bytes.Cut(text, []byte("\n\n"))
	require(found, "no empty line in the proof")
	var proof tlog.RecordProof
	for _, line := range strings.Split(string(head), "\n")[2:] {
		proof = append(proof, must(tlog.ParseHash(line)))
	}
	return proof, signed
}

func checkNotes(text []byte, verifier note.Verifier, vkey string) {
	changed := bytes.Replace(text, []byte("\n"), []byte("0\n"), 1)
	_, err := open(changed, verifier)
	require(err != nil, "a changed note opens")
	name, _, _ := strings.Cut(vkey, "+")
	_, other, err := note.GenerateKey(rand.Reader, name)
	require(err == nil, "no key: %v", err)
	_, err = open(text, must(note.NewVerifier(other)))
	require(err != nil, "a note opens with another key")
}

func main() {
	log.SetFlags(0)
	url, vkey, state := os.Args[1], os.Args[2], os.Args[3]
	verifier := must(note.NewVerifier(vkey))
	text := must(get(url + "/checkpoint"))
	newest := must(open(text, verifier))
	require(newest.origin == verifier.Name(), "the origin is %s", newest.origin)
	checkNotes(text, verifier, vkey)

	size := newest.tree.N
	reader := tlog.TileHashReader(newest.tree, tiles{url})
	for index, leaf := range leaves(url, size) {
		index, hash := int64(index), tlog.RecordHash(leaf)
		proof := must(tlog.ProveRecord(size, index, reader))
		if err := tlog.CheckRecord(proof, size, newest.tree.Hash, index, hash); err != nil {
			log.Fatalf("entry %d: %v", index, err)
		}
		served, signed := readProof(must(get(fmt.Sprintf("%s/api/v1/entries/%d/proof", url, index))))
		under := must(open(signed, verifier)).tree
		if err := tlog.CheckRecord(served, under.N, under.Hash, index, hash); err != nil {
			log.Fatalf("the proof that is served of entry %d: %v", index, err)
		}
		wrong := hash
		wrong[0] ^= 1
		require(tlog.CheckRecord(served, under.N, under.Hash, index, wrong) != nil, "another entry is proved")
	}

	if before, err := os.ReadFile(state); err == nil {
		old := must(open(before, verifier)).tree
		proof := must(tlog.ProveTree(size, old.N, reader))
		if err := tlog.CheckTree(proof, size, newest.tree.Hash, old.N, old.Hash); err != nil {
			log.Fatalf("%d to %d: %v", old.N, size, err)
		}
		other := old.Hash
		other[0] ^= 1
		require(tlog.CheckTree(proof, size, newest.tree.Hash, old.N, other) != nil, "another history is proved")
	}
	if err := os.WriteFile(state, text, 0o600); err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d entries of %s\n", size, base64.StdEncoding.EncodeToString(newest.tree.Hash[:]))
}
