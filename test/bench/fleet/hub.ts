import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { request } from "undici";
import { endWithUs } from "../../engine/processes.ts";
import { HOST } from "../../program/site.ts";

/** The requests to a hub since its last reset. */
export interface Asked {
	/** Requests by route. */
	readonly routes: Readonly<Record<string, number>>;
	/** Operations as the throttles count them, by meter. */
	readonly operations: { readonly registry: number; readonly query: number; readonly twinRead: number };
}

/** An emulated hub in a separate process, so that its time and memory are not measured. */
export class Hub {
	readonly url: string;
	readonly connectionString: string;
	readonly #control: string;
	readonly #child: ChildProcess;

	private constructor(child: ChildProcess, { iotHub, control }: Ready) {
		this.#child = child;
		this.url = iotHub.url;
		this.connectionString = iotHub.connectionString;
		this.#control = control.url;
	}

	/** Starts a hub without throttles. */
	static async start(): Promise<Hub> {
		const main = join(__dirname, "../../emulator/main.ts");
		const child = spawn(process.execPath, ["--import", "tsx", main, "--host-name", HOST], {
			stdio: ["ignore", "pipe", "inherit"],
		});
		const forget = endWithUs(child);
		child.once("exit", forget);
		for await (const line of createInterface({ input: child.stdout }))
			return new Hub(child, JSON.parse(line));
		throw new Error("The emulator ended before it was ready");
	}

	/** Returns the requests since the last call of {@link forget}. */
	async asked(): Promise<Asked> {
		return (await this.#command("GET", "counts")) as Asked;
	}

	/** Resets the request counts. */
	async forget(): Promise<void> {
		await this.#command("DELETE", "requests");
		await this.#command("PATCH", "limits", { sku: "none" });
	}

	/** Changes a device as another administrator would. */
	async change(id: string, fields: object): Promise<void> {
		await this.#command("PATCH", `devices/${id}`, fields);
	}

	/** Delays every response from now on. */
	async delay(milliseconds: number): Promise<void> {
		await this.#command("DELETE", "faults");
		if (milliseconds === 0) return;
		const action = { kind: "delay", ms: milliseconds, clock: "real" };
		await this.#command("POST", "faults", { match: { service: "iotHub" }, times: "always", action });
	}

	/** Ends the process. */
	async close(): Promise<void> {
		const ended = once(this.#child, "exit");
		this.#child.kill();
		await ended;
	}

	async #command(method: "GET" | "POST" | "PATCH" | "DELETE", path: string, body?: object): Promise<unknown> {
		const sent = body === undefined ? {} : { body: JSON.stringify(body) };
		// A new connection for each request: a kept connection may be closed after the minutes that an operation takes.
		const answer = await request(`${this.#control}/${path}`, { method, reset: true, ...sent });
		const text = await answer.body.text();
		if (answer.statusCode === 200) return JSON.parse(text);
		throw new Error(`${method} ${path}: ${text}`);
	}
}

/** The line that the emulator's command line prints when it is ready. */
interface Ready {
	readonly iotHub: { readonly url: string; readonly connectionString: string };
	readonly control: { readonly url: string };
}
