/** Splits a command line as a shell does: at white space outside of quotation marks, which are removed. */
export function splitShellWords(line: string): readonly string[] {
	return [...line.matchAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g)].map(([word]) => word.replace(/['"]/g, ""));
}
