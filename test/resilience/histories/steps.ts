/** The program's policy for changes by others. */
export type OnDrift = "reconcile" | "fail";

/**
 * A fault on the way of a request: the process dies before or after the request is carried out, and sends nothing any
 * more; the request or its response is lost; or a gateway replaces the response after the request was carried out.
 */
export type Loss = "dies before" | "dies after" | "request lost" | "answer lost" | "gateway error";

/** A service's error for a request that it does not carry out: it fails, is busy, or rejects. */
export type Refusal = "server error" | "throttled" | "refused";

/** A fault in requests of an operation. */
export interface Mishap<Kind extends Loss | Refusal = Loss | Refusal> {
	readonly kind: Kind;
	/** The number of the request, counted from 1. */
	readonly at: number;
	/** How many requests from there on fail. Default: one. */
	readonly times?: number | undefined;
}

/** Deploys the program. */
export interface Up<Outside, Trouble = Mishap> {
	readonly do: "up";
	/** Refreshes in the same process first, as `pulumi up --refresh` does. */
	readonly refresh?: boolean | undefined;
	readonly adopt?: boolean | undefined;
	/** A change by somebody else between the plan and its application. */
	readonly between?: Outside | undefined;
	readonly mishap?: Trouble | undefined;
}

/** A step that the histories of every resource type have. */
export type Command<Outside, Trouble = Mishap> =
	| { readonly do: "onDrift"; readonly policy: OnDrift }
	/** Plans without an update. */
	| { readonly do: "preview" }
	| Up<Outside, Trouble>
	| { readonly do: "refresh" | "destroy"; readonly mishap?: Trouble | undefined }
	| { readonly do: "outside"; readonly outside: Outside };

/** Formats a history with one step on each line. */
export function formatSteps(program: object, steps: readonly string[]): string {
	const lines = steps.map((step, at) => `  ${at + 1}. ${step}`);
	return [`  0. the program declares ${JSON.stringify(program)}`, ...lines].join("\n");
}

/** Formats a step by which a program declares a value or leaves it out. */
export function formatDeclaration({ knob, value }: { knob: string; value?: string | undefined }): string {
	return `the program ${value === undefined ? `leaves out ${knob}` : `declares ${knob} = "${value}"`}`;
}

/** Formats a step that every history has. */
export function formatCommand<Outside>(
	step: Command<Outside>,
	outsideTold: (outside: Outside) => string,
): string {
	switch (step.do) {
		case "onDrift":
			return `the program sets onDrift to ${step.policy}`;
		case "outside":
			return `somebody ${outsideTold(step.outside)}`;
		case "preview":
			return "preview";
		case "up":
			return [
				`up${step.refresh ? " --refresh" : ""}${step.adopt ? ", adopting" : ""}`,
				...(step.between ? [`after the plan, somebody ${outsideTold(step.between)}`] : []),
				...formatMishap(step.mishap),
			].join("; ");
		default:
			return [step.do, ...formatMishap(step.mishap)].join("; ");
	}
}

/** Formats a fault as a list of at most one text. */
export function formatMishap(mishap: Mishap | undefined): string[] {
	if (mishap === undefined) return [];
	const { kind, at, times = 1 } = mishap;
	return [`request ${at}${times > 1 ? ` and ${times - 1} after it` : ""}: ${kind}`];
}
