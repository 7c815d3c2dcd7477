/** One line of a report: what a field was, is and should be, as it is shown. */
export interface Line {
	readonly path: string;
	readonly last: string;
	readonly now: string;
	readonly declared: string;
}

const LINE = /^ {4}(\S+): (.+) at the last deployment, (.+) now, (.+) declared$/;

/** The lines that tell field by field what differs, in everything that was said. */
export function parseLines(said: readonly string[]): Line[] {
	return said
		.flatMap((text) => text.split("\n"))
		.flatMap((text) => {
			const [, path = "", last = "", now = "", declared = ""] = LINE.exec(text) ?? [];
			return path === "" ? [] : [{ path, last, now, declared }];
		});
}

/** Whether something was said that begins with the object's name and goes on so. */
export function hasMessage(said: readonly string[], label: string, rest: string): boolean {
	return said.some((text) => {
		const [, told = ""] = text.split(label);
		return text.startsWith(label) && told.replace(/^ \([-0-9a-f]{36}\)/, "").startsWith(` ${rest}`);
	});
}
