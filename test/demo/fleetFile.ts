import { copyFileSync, readFileSync, writeFileSync } from "node:fs";

/** A piece of the data file and what stands there afterwards. */
export interface Edit {
	readonly from: string;
	readonly to: string;
}

/** A copy of the fleet's data file, to be edited as a person would. */
export class FleetFile {
	readonly path: string;

	constructor(original: string, path: string) {
		copyFileSync(original, path);
		this.path = path;
	}

	/** Replaces a piece that must stand in the file exactly once; the lines that it touched, before and after. */
	edit({ from, to }: Edit): { readonly before: readonly string[]; readonly after: readonly string[] } {
		const text = readFileSync(this.path, "utf8");
		const parts = text.split(from);
		const [head = "", tail = ""] = parts;
		if (parts.length !== 2)
			throw new Error(`The data file has "${from}" ${parts.length - 1} times, not once`);
		const edited = head + to + tail;
		writeFileSync(this.path, edited);
		return { before: changed(text, edited), after: changed(edited, text) };
	}
}

/** The lines of one text that the other does not have, without the dash of a list. */
function changed(text: string, other: string): string[] {
	const others = new Set(other.split("\n"));
	return text
		.split("\n")
		.filter((line) => !others.has(line))
		.map((line) => line.replace(/^\s*(- )?/, ""));
}
