file-what = This is the file that the program signs. Check every line of it.
file-forever = The domains, the dates, the language, who owes what until when, and a digest of every word stay on record for ever. Words that are not sealed are public.
file-download = Save the file agreement.toml
file-then = Then, on your own machine
file-then-text = With the program { $program }, in the folder the file is in:
file-then-key = It makes a key beside the file and asks for a passphrase. Keep both: only with them can you add to the agreement later.
