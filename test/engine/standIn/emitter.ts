import { stripVTControlCharacters } from "node:util";
import type { EngineEvent, Severity, StepMetadata } from "../events/engineEvent.ts";

/** Collects an operation's events, numbers them and passes them on. */
export class Emitter {
	readonly events: EngineEvent[] = [];
	readonly #listen: ((event: EngineEvent) => void) | undefined;

	constructor(listen?: (event: EngineEvent) => void) {
		this.#listen = listen;
	}

	/** Emits an event. */
	emit(body: Omit<EngineEvent, "sequence" | "timestamp">): void {
		const event = { sequence: this.events.length, timestamp: Math.floor(Date.now() / 1000), ...body };
		this.events.push(event);
		this.#listen?.(event);
	}

	/** Adds a line to the diagnostics. */
	emitDiagnostic(
		severity: Severity,
		message: string,
		about: { urn?: string; ephemeral?: boolean } = {},
	): void {
		const prefix = severity === "warning" || severity === "error" || severity === "debug";
		this.emit({
			diagnosticEvent: {
				severity,
				message: `${stripVTControlCharacters(message)}\n`,
				...(prefix ? { prefix: `${severity}: ` } : {}),
				...(about.urn === undefined || about.urn === "" ? {} : { urn: about.urn }),
				...(about.ephemeral === true ? { ephemeral: true } : {}),
			},
		});
	}

	/** Adds an error to the diagnostics. */
	emitError(message: string, urn = ""): void {
		this.emitDiagnostic("error", message, { urn });
	}

	/** Emits that a step started, ended or failed. */
	step(kind: "resourcePreEvent" | "resOutputsEvent", metadata: StepMetadata, planning: boolean): void {
		this.emit({ [kind]: { metadata, ...(planning ? { planning } : {}) } });
	}
}

/** Thrown after the reason was reported: the operation fails without another message (`result.BailError`). */
export class Bail extends Error {}
