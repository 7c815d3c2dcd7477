import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import type { ResourceProvider } from "../../../provider/resource/resourceProvider.ts";
import type { MessageRecorder } from "./messages.ts";
import type { Order, Report, Settings } from "./providerProcess.ts";

/** A provider in a child process that trusts one more certificate authority from its start. */
export class ProviderChild {
	readonly #child: ChildProcess;
	readonly #words: MessageRecorder;
	readonly #waiting = new Map<number, (report: Report) => void>();
	#last = 0;

	/** @param caFile what Node is told in NODE_EXTRA_CA_CERTS */
	constructor(caFile: string, words: MessageRecorder) {
		this.#words = words;
		this.#child = fork(join(__dirname, "providerProcess.ts"), {
			execArgv: ["--import", "tsx"],
			env: { ...process.env, NODE_EXTRA_CA_CERTS: caFile },
		});
		this.#child.on("message", (report: Report) => this.#take(report));
	}

	/** The devices of a service with these settings. */
	devices(settings: Settings): ResourceProvider {
		const order =
			<Result>(method: Order["method"]) =>
			(...args: unknown[]): Promise<Result> =>
				this.order({ settings, method, args });
		return this.#words.listenTo({
			check: order("check"),
			diff: order("diff"),
			create: order("create"),
			read: order("read"),
			update: order("update"),
			delete: order("delete"),
			inspectResource: order("inspectResource"),
		});
	}

	/** Has one thing done. */
	async order<Result>(order: Omit<Order, "number">): Promise<Result> {
		this.#last += 1;
		const number = this.#last;
		const { result, error, said } = await new Promise<Report>((resolve) => {
			this.#waiting.set(number, resolve);
			this.#child.send({ ...order, number });
		});
		this.#words.said.push(...said);
		if (error === undefined) return result as Result;
		this.#words.thrown.push(...error);
		throw new Error(error[0]);
	}

	/** Ends the process. */
	async close(): Promise<void> {
		this.#child.disconnect();
		await once(this.#child, "exit");
	}

	#take(report: Report): void {
		this.#waiting.get(report.number)?.(report);
		this.#waiting.delete(report.number);
	}
}
