// What a scan sounds and feels like: good is short and high, wait (known already) twice, bad long and low.

const TUNES = {
  good: { beeps: [[1320, 0.09]], buzz: [60] },
  wait: { beeps: [[880, 0.09], [880, 0.09]], buzz: [60, 60, 60] },
  bad: { beeps: [[220, 0.35]], buzz: [300] },
};
let sound;

export function feedback(kind) {
  const tune = TUNES[kind] ?? TUNES.bad;
  try {
    navigator.vibrate?.(tune.buzz);
    sound ??= new AudioContext();
    if (sound.state === "suspended") sound.resume();
    let at = sound.currentTime;
    for (const [pitch, length] of tune.beeps) {
      const [tone, volume] = [sound.createOscillator(), sound.createGain()];
      tone.frequency.value = pitch;
      volume.gain.setValueAtTime(0.25, at);
      volume.gain.exponentialRampToValueAtTime(0.001, at + length);
      tone.connect(volume).connect(sound.destination);
      tone.start(at);
      tone.stop(at + length);
      at += length + 0.05;
    }
  } catch {
    // A phone without sound still shows the words.
  }
}

/** Says a text aloud where the telephone can; the words stand on the screen anyway. */
export function speak(text) {
  try {
    const voice = new SpeechSynthesisUtterance(text);
    voice.lang = document.documentElement.lang.startsWith("zh") ? "zh-CN" : document.documentElement.lang;
    speechSynthesis.cancel();
    speechSynthesis.speak(voice);
  } catch {
    // No voice here: sound and screen are enough.
  }
}
