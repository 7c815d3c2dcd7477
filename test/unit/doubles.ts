import type { Clock } from "../../provider/http/clock.ts";
import { Deadline } from "../../provider/http/deadline.ts";
import type { HttpRequest, HttpResponse, SendRequest } from "../../provider/http/pipeline.ts";
import { type Setting, SettingReader } from "../../provider/settings/reader.ts";

interface Sleeper {
	readonly until: number;
	wake(): void;
}

/** 2026-03-01T08:00:00Z, a moment like any other. */
export const START_TIME = Date.UTC(2026, 2, 1, 8);

/**
 * A clock that nobody waits for: as soon as everybody sleeps, the time is when the first one wakes. Chance is a
 * number that the test sets. `now` counts from 0; the time of day is apart from it, and {@link stepWallTime} changes it alone.
 */
export class TestClock implements Clock {
	/** What `random` answers. */
	chance = 0.5;
	/** Every sleep that was asked for, in milliseconds, in order. */
	readonly sleeps: number[] = [];
	#now = 0;
	#wallTimeAtZero: number;
	readonly #sleepers: Sleeper[] = [];

	/** @param wallTime the time of day at which it begins, in milliseconds since 1970 */
	constructor(wallTime = START_TIME) {
		this.#wallTimeAtZero = wallTime;
	}

	readonly now = (): number => this.#now;

	readonly getWallTime = (): number => this.#wallTimeAtZero + this.#now;

	/** Sets the time of day forward or back, as somebody does who corrects it. */
	stepWallTime(milliseconds: number): void {
		this.#wallTimeAtZero += milliseconds;
	}

	readonly random = (): number => this.chance;

	readonly sleep = (milliseconds: number): Promise<void> => {
		this.sleeps.push(milliseconds);
		return new Promise((resolve) => {
			this.#sleepers.push({ until: this.#now + milliseconds, wake: resolve });
			setImmediate(() => this.#wakeFirst());
		});
	};

	/** Lets time pass while nobody sleeps. */
	pass(milliseconds: number): void {
		this.#now += milliseconds;
	}

	#wakeFirst(): void {
		this.#sleepers.sort((a, b) => a.until - b.until);
		const first = this.#sleepers.shift();
		if (first === undefined) return;
		this.#now = Math.max(this.#now, first.until);
		first.wake();
	}
}

/** What a scripted network does next: an answer, or an error that it throws. */
export type ScriptedStep = Partial<HttpResponse> | Error;

/** A network that plays a script, and keeps what it was sent. The last step is played for ever. */
export function createScriptedNetwork(...steps: readonly ScriptedStep[]): {
	send: SendRequest;
	sent: HttpRequest[];
} {
	const sent: HttpRequest[] = [];
	const send: SendRequest = async (request) => {
		const step = steps[Math.min(sent.length, steps.length - 1)] ?? {};
		sent.push(request);
		if (step instanceof Error) throw step;
		return { status: 200, headers: {}, text: "{}", ...step };
	};
	return { send, sent };
}

/** A request like any other, which has twenty minutes. */
export function createRequest(clock: Clock, rest: Partial<HttpRequest> = {}): HttpRequest {
	return {
		method: "GET",
		url: new URL("https://hub.example/devices/a"),
		headers: {},
		repeatable: true,
		meter: "registry",
		deadline: new Deadline("read", 20 * 60_000, clock),
		...rest,
	};
}

type Texts = Readonly<Record<string, string>>;

/** A reader of these settings and of this environment, and of nothing else. */
export function createSettingReader(config: Texts, env: Texts = {}): SettingReader {
	return new SettingReader({ config: (key) => config[key], env });
}

/** A setting with some words for its documentation. */
export function createSetting(key: string, rest: Partial<Setting> = {}): Setting {
	return { key, env: [], example: "<value>", description: "Something.", ...rest };
}
