/** One line of a report: the deployed, current and declared value of a field, as shown. */
export interface Line {
	readonly path: string;
	readonly last: string;
	readonly now: string;
	readonly declared: string;
}

const LINE = /^ {4}(\S+): (.+) at the last deployment, (.+) now, (.+) declared$/;

/** Returns the lines of all messages that report differences field by field. */
export function parseLines(said: readonly string[]): Line[] {
	return said
		.flatMap((text) => text.split("\n"))
		.flatMap((text) => {
			const [, path = "", last = "", now = "", declared = ""] = LINE.exec(text) ?? [];
			return path === "" ? [] : [{ path, last, now, declared }];
		});
}

/** Returns whether a message begins with the object's name and continues with this text. */
export function hasMessage(said: readonly string[], label: string, rest: string): boolean {
	return said.some((text) => {
		const [, told = ""] = text.split(label);
		return text.startsWith(label) && told.replace(/^ \([-0-9a-f]{36}\)/, "").startsWith(` ${rest}`);
	});
}

/** The messages about one device. */
export interface Report {
	readonly isGone: boolean;
	readonly isAnother: boolean;
	readonly lines: readonly Line[];
}

/** A line about a device: alone, behind the name of its fleet, or behind its own name in a fleet's error. */
const ABOUT = /^(?: {4}\S+: |Resource one: )?Device (\S+) (.*)$/;

/** Groups the messages by the device that they are about. */
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

/** Returns whether an error is about this device, alone or with others that have the same fault. */
export function isAboutDevice(error: Error, id: string): boolean {
	return error.message.split("\n").some((line) => {
		const [, names = ""] = /^ {4}(.+?): /.exec(line) ?? [];
		return names.split(", ").includes(id);
	});
}
