/**
 * Plays the whole fault matrix: each request of each operation of each resource type, with each fault.
 *
 *     npm run test:faults                    all cases
 *     npm run test:faults -- Fleet create    cases whose titles contain these words
 *     npm run test:faults -- --every=7       every seventh case
 *     npm run test:faults -- --messages      also lists each distinct error message
 */
import { generateFaultCases } from "./matrix.ts";

async function main(args: readonly string[]): Promise<void> {
	const words = args.filter((word) => !word.startsWith("--"));
	const every = Number(args.find((arg) => arg.startsWith("--every="))?.slice(8) ?? 1);
	const messages = new Map<string, number>();
	const began = Date.now();
	let at = 0;
	let count = 0;
	let wrong = 0;
	for await (const each of generateFaultCases()) {
		const { title } = each;
		at += 1;
		if (at % every !== 0 || !words.every((word) => title.includes(word))) continue;
		count += 1;
		const { faults, message } = await each.play();
		if (message !== undefined) messages.set(message, (messages.get(message) ?? 0) + 1);
		if (faults.length === 0) continue;
		wrong += 1;
		console.error([title, ...faults.map((fault) => `    ${fault}`)].join("\n"));
	}
	if (args.includes("--messages"))
		for (const [message, times] of messages) console.log(`${times} × ${message}`);
	const time = Math.round((Date.now() - began) / 1_000);
	console.log(
		`${count} cases in ${time} s: ${wrong === 0 ? "every promise kept" : `${wrong} broke a promise`}.`,
	);
	if (count === 0 || wrong > 0) process.exitCode = 1;
}

main(process.argv.slice(2)).catch((error: unknown) => {
	console.error(error);
	process.exitCode = 1;
});
