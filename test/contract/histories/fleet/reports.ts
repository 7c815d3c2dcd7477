import { type Line, parseLines } from "../reports.ts";

/** What is said of one device. */
export interface Report {
	readonly isGone: boolean;
	readonly isAnother: boolean;
	readonly lines: readonly Line[];
}

const ABOUT = /^(?: {4}\S+: )?Device (\S+) (.*)$/;

/** What was said, by the device that it is about. */
export function parseReports(said: readonly string[]): (id: string) => Report {
	const texts = new Map<string, string[]>();
	let about = "";
	for (const line of said.flatMap((text) => text.split("\n"))) {
		const [, id, rest = line] = ABOUT.exec(line) ?? [];
		about = id ?? about;
		texts.set(about, [...(texts.get(about) ?? []), rest]);
	}
	return (id) => {
		const told = texts.get(id) ?? [];
		return {
			isGone: told.some((text) => text.startsWith("was deleted outside Pulumi")),
			isAnother: told.some((text) => text.startsWith("was deleted and created again")),
			lines: parseLines(told),
		};
	};
}

/** Whether an error tells of this device. */
export function isAboutDevice(error: Error, id: string): boolean {
	return error.message.split("\n").some((line) => line.startsWith(`    ${id}: `));
}
