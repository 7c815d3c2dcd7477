import { styleText } from "node:util";

/** Where the demo writes. */
export interface Sink {
	write(text: string): unknown;
	readonly isTTY?: boolean;
}

type Style = Parameters<typeof styleText>[0];

const WIDTH = 96;
const INDENT = "    ";

/** Everything that is seen of the demo. In colour on a terminal, unless NO_COLOR (no-color.org) or TERM say otherwise. */
export class Screen {
	readonly #sink: Sink;
	readonly #coloured: boolean;

	constructor(sink: Sink, env: Readonly<Record<string, string | undefined>> = process.env) {
		this.#sink = sink;
		this.#coloured = sink.isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb";
	}

	/** The first lines of all. */
	title(title: string, ...lines: readonly string[]): void {
		this.#print("", this.#in("bold", title), ...lines.flatMap((line) => wrap(line)));
	}

	/** What is about to happen, and why. */
	heading(number: number, title: string, why: string): void {
		const lines = wrap(why).map((line) => INDENT + line);
		this.#print("", this.#in("bold", `${String(number).padStart(2)}  ${title}`), ...lines);
	}

	/** A command, before it runs. */
	command(command: string): void {
		this.#print("", `${INDENT}${this.#in("cyan", `$ ${command}`)}`);
	}

	/** Something that happened elsewhere. */
	elsewhere(what: string): void {
		this.#print(`${INDENT}${this.#in("magenta", "!")} ${what}`);
	}

	/** Lines of a command's answer. A style colours the first word of each. */
	answer(lines: readonly string[], style?: Style | undefined): void {
		this.#print(...lines.map((line) => `${INDENT}  ${style === undefined ? line : this.#sign(style, line)}`));
	}

	/** Lines that left the data file, or came into it. */
	edit(sign: "+" | "-", lines: readonly string[]): void {
		const style = sign === "+" ? "green" : "red";
		this.#print(...lines.map((line) => `${INDENT}  ${this.#in(style, `${sign} ${line}`)}`));
	}

	/** Something less important. */
	aside(text: string): void {
		this.#print(...wrap(text).map((line) => `${INDENT}  ${this.#in("dim", line)}`));
	}

	/** What was looked at and found good. */
	good(claim: string): void {
		this.#print(`${INDENT}${this.#in("green", "✓")} ${claim}`);
	}

	/** What was looked at and not found so, and how it is instead. */
	bad(claim: string, differences: readonly string[]): void {
		this.#print(
			`${INDENT}${this.#in("red", "✗")} ${claim}`,
			...differences.map((line) => `${INDENT}    ${line}`),
		);
	}

	/** Lines as they are. */
	plain(...lines: readonly string[]): void {
		this.#print(...lines);
	}

	#sign(style: Style, line: string): string {
		return line.replace(/\S+/, (sign) => this.#in(style, sign));
	}

	#in(style: Style, text: string): string {
		return this.#coloured ? styleText(style, text) : text;
	}

	#print(...lines: readonly string[]): void {
		this.#sink.write(lines.map((line) => `${line}\n`).join(""));
	}
}

function wrap(text: string): string[] {
	const lines: string[] = [];
	for (const word of text.split(" ")) {
		const longer = `${lines.at(-1)} ${word}`;
		if (lines.length === 0 || longer.length > WIDTH) lines.push(word);
		else lines[lines.length - 1] = longer;
	}
	return lines;
}
