import { styleText } from "node:util";

/** The stream that the demo writes to. */
export interface Sink {
	write(text: string): unknown;
	readonly isTTY?: boolean;
}

type Style = Parameters<typeof styleText>[0];

const WIDTH = 96;
const INDENT = "    ";

/** The output of the demo. It is coloured on a terminal, unless NO_COLOR (no-color.org) is set or TERM is `dumb`. */
export class Screen {
	readonly #sink: Sink;
	readonly #coloured: boolean;

	constructor(sink: Sink, env: Readonly<Record<string, string | undefined>> = process.env) {
		this.#sink = sink;
		this.#coloured = sink.isTTY === true && !env["NO_COLOR"] && env["TERM"] !== "dumb";
	}

	/** Prints a title and lines below it. */
	title(title: string, ...lines: readonly string[]): void {
		this.#print("", this.#in("bold", title), ...lines.flatMap((line) => wrap(line)));
	}

	/** Prints the title and the explanation of a step. */
	heading(number: number, title: string, why: string): void {
		const lines = wrap(why).map((line) => INDENT + line);
		this.#print("", this.#in("bold", `${String(number).padStart(2)}  ${title}`), ...lines);
	}

	/** Prints a command before it runs. */
	command(command: string): void {
		this.#print("", `${INDENT}${this.#in("cyan", `$ ${command}`)}`);
	}

	/** Prints a change that was made outside Pulumi. */
	elsewhere(what: string): void {
		this.#print(`${INDENT}${this.#in("magenta", "!")} ${what}`);
	}

	/** Prints lines of a command's output. A style colours the first word of each. */
	answer(lines: readonly string[], style?: Style | undefined): void {
		this.#print(...lines.map((line) => `${INDENT}  ${style === undefined ? line : this.#sign(style, line)}`));
	}

	/** Prints lines that were removed from the data file or added to it. */
	edit(sign: "+" | "-", lines: readonly string[]): void {
		const style = sign === "+" ? "green" : "red";
		this.#print(...lines.map((line) => `${INDENT}  ${this.#in(style, `${sign} ${line}`)}`));
	}

	/** Prints a less important line. */
	aside(text: string): void {
		this.#print(...wrap(text).map((line) => `${INDENT}  ${this.#in("dim", line)}`));
	}

	/** Prints a check that passed. */
	good(claim: string): void {
		this.#print(`${INDENT}${this.#in("green", "✓")} ${claim}`);
	}

	/** Prints a check that failed, with the differences. */
	bad(claim: string, differences: readonly string[]): void {
		this.#print(
			`${INDENT}${this.#in("red", "✗")} ${claim}`,
			...differences.map((line) => `${INDENT}    ${line}`),
		);
	}

	/** Prints lines unchanged. */
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
