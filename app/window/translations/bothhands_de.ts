<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
<context>
    <name>AboutDialog</name>
    <message>
        <source>About Bothhands</source>
        <translation>Info zu Bothhands</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Copy versions</source>
        <translation>Versionen kopieren</translation>
    </message>
    <message>
        <source>Each comes under its own licence; PyQt5's is the GPL, which holds for the window together with it.</source>
        <translation>Jede steht unter ihrer eigenen Lizenz; die von PyQt5 ist die GPL, die damit auch für das Fenster gilt.</translation>
    </message>
    <message>
        <source>For a report of what went wrong</source>
        <translation>Für einen Fehlerbericht</translation>
    </message>
    <message>
        <source>Libraries in use</source>
        <translation>Verwendete Bibliotheken</translation>
    </message>
    <message>
        <source>Notice and licences</source>
        <translation>Hinweise und Lizenzen</translation>
    </message>
    <message>
        <source>Two-hand tracking from one webcam. Nothing leaves this machine: no uploads, no downloads, no update checks.</source>
        <translation>Verfolgt beide Hände mit einer Webcam. Nichts verlässt diesen Rechner: Nichts wird hochgeladen oder heruntergeladen, und nach Updates wird nicht gesucht.</translation>
    </message>
    <message>
        <source>not named</source>
        <translation>nicht angegeben</translation>
    </message>
</context>
<context>
    <name>Application</name>
    <message>
        <source>Something in the window failed: {kind}: {error}. The log on the terminal says more.</source>
        <translation>Im Fenster ist etwas fehlgeschlagen: {kind}: {error}. Das Protokoll im Terminal sagt mehr.</translation>
    </message>
</context>
<context>
    <name>Banner</name>
    <message>
        <source>Dismiss this message</source>
        <translation>Meldung ausblenden</translation>
    </message>
    <message>
        <source>error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>info</source>
        <translation>Hinweis</translation>
    </message>
    <message>
        <source>warning</source>
        <translation>Warnung</translation>
    </message>
</context>
<context>
    <name>BoardGuide</name>
    <message numerus="yes">
        <source>%n views, {percent:.0f} %</source>
        <translation><numerusform>%n Ansicht, {percent:.0f} %</numerusform><numerusform>%n Ansichten, {percent:.0f} %</numerusform></translation>
    </message>
    <message>
        <source>How much of what a calibration needs was seen</source>
        <translation>Wie viel von dem zu sehen war, was eine Kalibrierung braucht</translation>
    </message>
    <message>
        <source>Print board…</source>
        <translation>Brett drucken…</translation>
    </message>
    <message>
        <source>Save the board in its true size, as a PDF to print or an image for a tablet</source>
        <translation>Das Brett in wahrer Größe speichern, als PDF zum Drucken oder als Bild für ein Tablet</translation>
    </message>
    <message>
        <source>Save the board to print it</source>
        <translation>Das Brett zum Drucken speichern</translation>
    </message>
    <message>
        <source>Show board</source>
        <translation>Brett zeigen</translation>
    </message>
    <message>
        <source>Show the board over a whole screen</source>
        <translation>Das Brett über einen ganzen Bildschirm zeigen</translation>
    </message>
    <message>
        <source>Show the board over a whole screen, another one where there are several</source>
        <translation>Das Brett über einen ganzen Bildschirm zeigen, bei mehreren über einen anderen als diesen</translation>
    </message>
    <message>
        <source>Views of the board</source>
        <translation>Ansichten des Bretts</translation>
    </message>
    <message>
        <source>Where in the image corners of the board were seen; large dots: where it is now</source>
        <translation>Wo im Bild Ecken des Bretts zu sehen waren; große Punkte: wo es jetzt ist</translation>
    </message>
    <message>
        <source>Where in the image the board was seen</source>
        <translation>Wo im Bild das Brett zu sehen war</translation>
    </message>
</context>
<context>
    <name>BoardSheet</name>
    <message>
        <source>Bothhands: calibration board</source>
        <translation>Bothhands: Kalibrierbrett</translation>
    </message>
    <message>
        <source>Calibration board; any key or click closes it</source>
        <translation>Kalibrierbrett; jede Taste und jeder Klick schließt es</translation>
    </message>
    <message>
        <source>Squares of {side} mm. Print at 100 %, not fitted to the page, and lay it on something flat.</source>
        <translation>Felder von {side} mm. Mit 100 % drucken, nicht an die Seite angepasst, und auf etwas Ebenes legen.</translation>
    </message>
</context>
<context>
    <name>BusyIndicator</name>
    <message>
        <source>Loading</source>
        <translation>Wird geladen</translation>
    </message>
</context>
<context>
    <name>Buttons</name>
    <message>
        <source>Copied</source>
        <translation>Kopiert</translation>
    </message>
</context>
<context>
    <name>CameraControls</name>
    <message>
        <source>And remember nothing for this camera; the driver's choice holds</source>
        <translation>Und nichts mehr für diese Kamera merken; es gilt die Wahl des Treibers</translation>
    </message>
    <message>
        <source>Bothhands: {camera}</source>
        <translation>Bothhands: {camera}</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Frequency of the mains, in which lamps flicker</source>
        <translation>Frequenz des Stromnetzes, in der Lampen flackern</translation>
    </message>
    <message>
        <source>How long each image is exposed: shorter is darker, and blurs fast hands less</source>
        <translation>Wie lange jedes Bild belichtet wird: kürzer ist dunkler und verwischt schnelle Hände weniger</translation>
    </message>
    <message>
        <source>How much the sensor's signal is amplified: more is brighter, and noisier</source>
        <translation>Wie sehr das Signal des Sensors verstärkt wird: mehr ist heller und rauscht mehr</translation>
    </message>
    <message>
        <source>Off, the lens stays where it is, and does not search while hands move</source>
        <translation>Ausgeschaltet bleibt das Objektiv, wo es ist, und sucht nicht, während Hände sich bewegen</translation>
    </message>
    <message>
        <source>Off, the rate does not drop in dim light, and a short exposure can be chosen</source>
        <translation>Ausgeschaltet sinkt die Rate bei wenig Licht nicht, und eine kurze Belichtung kann gewählt werden</translation>
    </message>
    <message>
        <source>Reset to the driver's defaults</source>
        <translation>Auf die Vorgaben des Treibers zurücksetzen</translation>
    </message>
    <message>
        <source>Where the lens is sharp; most cameras count from far to near</source>
        <translation>Wo das Objektiv scharf abbildet; die meisten Kameras zählen von fern nach nah</translation>
    </message>
</context>
<context>
    <name>CameraModes</name>
    <message>
        <source>Camera mode</source>
        <translation>Kameramodus</translation>
    </message>
    <message>
        <source>It gives {mode}</source>
        <translation>Sie liefert {mode}</translation>
    </message>
    <message>
        <source>Other…</source>
        <translation>Anderer…</translation>
    </message>
    <message>
        <source>Size, rate and pixel format to ask the camera for; it gives what comes nearest, or something else</source>
        <translation>Größe, Rate und Pixelformat, die von der Kamera verlangt werden; sie liefert, was dem am nächsten kommt, oder etwas anderes</translation>
    </message>
    <message>
        <source>The driver's choice</source>
        <translation>Was der Treiber wählt</translation>
    </message>
    <message>
        <source>The usual mode</source>
        <translation>Der übliche Modus</translation>
    </message>
</context>
<context>
    <name>CameraPage</name>
    <message>
        <source>Again</source>
        <translation>Nochmals</translation>
    </message>
    <message>
        <source>Camera by a board</source>
        <translation>Kamera mit einem Brett</translation>
    </message>
    <message>
        <source>Camera by its field of view</source>
        <translation>Kamera nach ihrem Sichtfeld</translation>
    </message>
    <message>
        <source>Camera calibration</source>
        <translation>Kalibrierung der Kamera</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Keep the camera under this name, and use it for this source from now on</source>
        <translation>Die Kamera unter diesem Namen behalten und ab jetzt für diese Quelle verwenden</translation>
    </message>
    <message>
        <source>Leave all as it was</source>
        <translation>Alles lassen, wie es war</translation>
    </message>
    <message>
        <source>Name of the camera</source>
        <translation>Name der Kamera</translation>
    </message>
    <message>
        <source>Show the board once more</source>
        <translation>Das Brett noch einmal zeigen</translation>
    </message>
    <message>
        <source>The name under which the camera is kept; one that is there already is replaced</source>
        <translation>Name, unter dem die Kamera bleibt; eine gleichnamige wird ersetzt</translation>
    </message>
    <message>
        <source>Your camera is measured</source>
        <translation>Die Kamera ist vermessen</translation>
    </message>
</context>
<context>
    <name>CameraTexts</name>
    <message>
        <source>A hand that was at {before:.0f} cm is at {now:.0f} cm with it ({percent:+.1f} %).</source>
        <translation>Eine Hand, die bei {before:.0f} cm war, ist damit bei {now:.0f} cm ({percent:+.1f} %).</translation>
    </message>
    <message>
        <source>All is seen.</source>
        <translation>Alles ist erfasst.</translation>
    </message>
    <message>
        <source>Bring the board nearer, until it fills most of the image's height.</source>
        <translation>Das Brett näher heranholen, bis es fast die ganze Bildhöhe füllt.</translation>
    </message>
    <message>
        <source>Depth stays as it is: the camera in use has the same focal length.</source>
        <translation>Die Tiefe bleibt, wie sie ist: Die Kamera in Gebrauch hat dieselbe Brennweite.</translation>
    </message>
    <message>
        <source>Focal length {focal:.0f} px at {width}x{height}: {across:.1f}° across, {up:.1f}° from top to bottom.</source>
        <translation>Brennweite {focal:.0f} px bei {width}x{height}: {across:.1f}° in der Breite, {up:.1f}° in der Höhe.</translation>
    </message>
    <message>
        <source>Good, this view is kept.</source>
        <translation>Gut, diese Ansicht wird behalten.</translation>
    </message>
    <message>
        <source>Hold it still for a moment.</source>
        <translation>Das Brett einen Moment stillhalten.</translation>
    </message>
    <message>
        <source>Hold the board before the camera.</source>
        <translation>Das Brett vor die Kamera halten.</translation>
    </message>
    <message>
        <source>Move the board to the lower left corner of the image.</source>
        <translation>Das Brett in die untere linke Ecke des Bildes bewegen.</translation>
    </message>
    <message>
        <source>Move the board to the lower right corner of the image.</source>
        <translation>Das Brett in die untere rechte Ecke des Bildes bewegen.</translation>
    </message>
    <message>
        <source>Move the board to the upper left corner of the image.</source>
        <translation>Das Brett in die obere linke Ecke des Bildes bewegen.</translation>
    </message>
    <message>
        <source>Move the board to the upper right corner of the image.</source>
        <translation>Das Brett in die obere rechte Ecke des Bildes bewegen.</translation>
    </message>
    <message>
        <source>No board is seen: hold it before the camera, flat, with light from the front.</source>
        <translation>Kein Brett zu sehen: eben vor die Kamera halten, mit Licht von vorn.</translation>
    </message>
    <message>
        <source>Show the board in other places and tilts.</source>
        <translation>Das Brett an anderen Stellen und anders geneigt zeigen.</translation>
    </message>
    <message>
        <source>Take the board farther away, until it fills a third of the image.</source>
        <translation>Das Brett weiter weg halten, bis es ein Drittel des Bildes füllt.</translation>
    </message>
    <message>
        <source>The board is blurred: hold it stiller, or switch on more light.</source>
        <translation>Das Brett ist unscharf: ruhiger halten oder mehr Licht einschalten.</translation>
    </message>
    <message>
        <source>The camera is being computed…</source>
        <translation>Die Kamera wird berechnet…</translation>
    </message>
    <message>
        <source>The hand that was at {before:.0f} cm is at {now:.0f} cm with it ({percent:+.1f} %).</source>
        <translation>Die Hand, die bei {before:.0f} cm war, ist damit bei {now:.0f} cm ({percent:+.1f} %).</translation>
    </message>
    <message>
        <source>The source shows everything mirrored: View &gt; Turn a mirrored source back.</source>
        <translation>Die Quelle zeigt alles gespiegelt: Ansicht &gt; Gespiegelte Quelle umkehren.</translation>
    </message>
    <message>
        <source>There is such a view already: tilt it otherwise, or hold it in another place.</source>
        <translation>Eine solche Ansicht gibt es schon: anders neigen oder an eine andere Stelle halten.</translation>
    </message>
    <message>
        <source>These views cannot be used.</source>
        <translation>Diese Ansichten sind nicht verwendbar.</translation>
    </message>
    <message>
        <source>Tilt the board: its lower edge towards the camera, its upper edge away.</source>
        <translation>Das Brett neigen: die untere Kante zur Kamera, die obere weg von ihr.</translation>
    </message>
    <message>
        <source>Tilt the board: its upper edge towards the camera, its lower edge away.</source>
        <translation>Das Brett neigen: die obere Kante zur Kamera, die untere weg von ihr.</translation>
    </message>
    <message>
        <source>Too little of the board is seen: hold it by its rim, and more of it in the image.</source>
        <translation>Zu wenig vom Brett zu sehen: am Rand anfassen und weiter ins Bild halten.</translation>
    </message>
    <message>
        <source>Turn the board: its left edge towards the camera, its right edge away.</source>
        <translation>Das Brett drehen: die linke Kante zur Kamera, die rechte weg von ihr.</translation>
    </message>
    <message>
        <source>Turn the board: its right edge towards the camera, its left edge away.</source>
        <translation>Das Brett drehen: die rechte Kante zur Kamera, die linke weg von ihr.</translation>
    </message>
    <message>
        <source>{name} (for images of {width}x{height})</source>
        <translation>{name} (für Bilder mit {width}x{height})</translation>
    </message>
    <message>
        <source>{views} views, {rms:.2f} px off (RMS). The lens bends the image, and hands are fitted as if it did not: {error:.1f} px off (RMS), at most {worst:.0f} px, at the image's rim.</source>
        <translation>{views} Ansichten, Abweichung {rms:.2f} px (RMS). Die Linse verzeichnet, die Hände werden aber wie ohne Verzeichnung angepasst: Abweichung {error:.1f} px (RMS), höchstens {worst:.0f} px, am Bildrand.</translation>
    </message>
    <message>
        <source>{views} views, {rms:.2f} px off (RMS). The lens does not bend the image.</source>
        <translation>{views} Ansichten, Abweichung {rms:.2f} px (RMS). Die Linse verzeichnet nicht.</translation>
    </message>
</context>
<context>
    <name>Cameras</name>
    <message>
        <source>&amp;Delete {name}</source>
        <translation>{name} &amp;löschen</translation>
    </message>
    <message>
        <source>&amp;None: assume 60° across</source>
        <translation>&amp;Keine: 60° Bildbreite annehmen</translation>
    </message>
    <message>
        <source>&amp;Rename {name}…</source>
        <translation>{name} &amp;umbenennen…</translation>
    </message>
    <message>
        <source>As given at the start</source>
        <translation>Wie beim Start angegeben</translation>
    </message>
    <message>
        <source>Bothhands: camera</source>
        <translation>Bothhands: Kamera</translation>
    </message>
    <message>
        <source>Bothhands: camera mode</source>
        <translation>Bothhands: Kameramodus</translation>
    </message>
    <message>
        <source>Every fit of {source} now takes the camera {name}.</source>
        <translation>Jede Anpassung an {source} verwendet jetzt die Kamera {name}.</translation>
    </message>
    <message>
        <source>Name of the camera:</source>
        <translation>Name der Kamera:</translation>
    </message>
    <message>
        <source>Save the calibration board</source>
        <translation>Das Kalibrierbrett speichern</translation>
    </message>
    <message>
        <source>Size, rate and pixel format, all or some of them:</source>
        <translation>Größe, Rate und Pixelformat, alle oder einzelne davon:</translation>
    </message>
    <message>
        <source>The board is in {path}: print it at 100 %, not fitted to the page, or open it on a tablet.</source>
        <translation>Das Brett liegt in {path}: mit 100 % drucken, nicht an die Seite angepasst, oder auf einem Tablet öffnen.</translation>
    </message>
    <message>
        <source>The camera {name} was deleted.</source>
        <translation>Die Kamera {name} wurde gelöscht.</translation>
    </message>
    <message>
        <source>There is no camera to calibrate: choose one under Source, or wait for its first image.</source>
        <translation>Es gibt keine Kamera zu kalibrieren: unter Quelle eine wählen oder auf ihr erstes Bild warten.</translation>
    </message>
    <message>
        <source>There is no camera whose exposure could be set: choose one under Source.</source>
        <translation>Es gibt keine Kamera, deren Belichtung eingestellt werden könnte: Unter Quelle lässt sich eine wählen.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>calibration-board</source>
        <translation>Kalibrierbrett</translation>
    </message>
    <message>
        <source>{name} offers neither exposure nor gain nor focus here; its maker's program or the system's settings may.</source>
        <translation>{name} bietet hier weder Belichtung noch Verstärkung noch Schärfe; das Programm des Herstellers oder die Einstellungen des Systems vielleicht.</translation>
    </message>
    <message>
        <source>{name}, for every source</source>
        <translation>{name}, für jede Quelle</translation>
    </message>
</context>
<context>
    <name>Command</name>
    <message>
        <source>&amp;3D view beside the video</source>
        <translation>&amp;3D-Ansicht neben dem Video</translation>
    </message>
    <message>
        <source>&amp;About Bothhands</source>
        <translation>&amp;Info zu Bothhands</translation>
    </message>
    <message>
        <source>&amp;Calibrate hand shape…</source>
        <translation>Handform &amp;kalibrieren…</translation>
    </message>
    <message>
        <source>&amp;Check this setup…</source>
        <translation>&amp;Aufbau prüfen…</translation>
    </message>
    <message>
        <source>&amp;Compare the models…</source>
        <translation>Modelle &amp;vergleichen…</translation>
    </message>
    <message>
        <source>&amp;Crisp hands</source>
        <translation>Scharfe Hä&amp;nde</translation>
    </message>
    <message>
        <source>&amp;Exposure, gain and focus…</source>
        <translation>B&amp;elichtung, Verstärkung und Schärfe…</translation>
    </message>
    <message>
        <source>&amp;Full screen</source>
        <translation>&amp;Vollbild</translation>
    </message>
    <message>
        <source>&amp;Light colours</source>
        <translation>&amp;Helle Farben</translation>
    </message>
    <message>
        <source>&amp;Lock sides</source>
        <translation>&amp;Seiten festhalten</translation>
    </message>
    <message>
        <source>&amp;Log and health</source>
        <translation>&amp;Protokoll und Zustand</translation>
    </message>
    <message>
        <source>&amp;Loop the clip</source>
        <translation>Clip &amp;wiederholen</translation>
    </message>
    <message>
        <source>&amp;Mirror the video</source>
        <translation>Video &amp;spiegeln</translation>
    </message>
    <message>
        <source>&amp;Open file…</source>
        <translation>Datei ö&amp;ffnen…</translation>
    </message>
    <message>
        <source>&amp;Play or pause the clip</source>
        <translation>Clip &amp;abspielen oder anhalten</translation>
    </message>
    <message>
        <source>&amp;Print a calibration board…</source>
        <translation>Kalibrierbrett &amp;drucken…</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>B&amp;eenden</translation>
    </message>
    <message>
        <source>&amp;Record or stop</source>
        <translation>&amp;Aufnehmen oder stoppen</translation>
    </message>
    <message>
        <source>&amp;Sessions…</source>
        <translation>&amp;Sitzungen…</translation>
    </message>
    <message>
        <source>&amp;Turn a mirrored source back</source>
        <translation>&amp;Gespiegelte Quelle umkehren</translation>
    </message>
    <message>
        <source>Calibrate by a &amp;board…</source>
        <translation>Mit einem &amp;Brett kalibrieren…</translation>
    </message>
    <message>
        <source>Calibrate by its &amp;field of view…</source>
        <translation>Nach dem &amp;Sichtfeld kalibrieren…</translation>
    </message>
    <message>
        <source>Chan&amp;ge keys…</source>
        <translation>Tasten&amp;belegung…</translation>
    </message>
    <message>
        <source>Compare two models &amp;live</source>
        <translation>Zwei Modelle &amp;live vergleichen</translation>
    </message>
    <message>
        <source>Keys and &amp;tips</source>
        <translation>&amp;Tasten und Tipps</translation>
    </message>
    <message>
        <source>L&amp;eave full screen or comparison</source>
        <translation>V&amp;ollbild oder Vergleich verlassen</translation>
    </message>
    <message>
        <source>La&amp;rger text</source>
        <translation>Te&amp;xt größer</translation>
    </message>
    <message>
        <source>Look for &amp;cameras again</source>
        <translation>&amp;Kameras erneut suchen</translation>
    </message>
    <message>
        <source>Mesh or &amp;skeleton</source>
        <translation>&amp;Mesh oder Skelett</translation>
    </message>
    <message>
        <source>One frame &amp;back</source>
        <translation>Ein Bild &amp;zurück</translation>
    </message>
    <message>
        <source>One frame &amp;forward</source>
        <translation>Ein Bild &amp;vor</translation>
    </message>
    <message>
        <source>Open fol&amp;der of images…</source>
        <translation>&amp;Bildordner öffnen…</translation>
    </message>
    <message>
        <source>Replay a session &amp;folder…</source>
        <translation>Sitzungsord&amp;ner abspielen…</translation>
    </message>
    <message>
        <source>S&amp;napshot without the hands</source>
        <translation>Schnappschuss &amp;ohne Hände</translation>
    </message>
    <message>
        <source>S&amp;wap the two models</source>
        <translation>Die beiden Modelle &amp;tauschen</translation>
    </message>
    <message>
        <source>Sho&amp;w the whole frame</source>
        <translation>Ganzes Bil&amp;d zeigen</translation>
    </message>
    <message>
        <source>Sm&amp;aller text</source>
        <translation>Text &amp;kleiner</translation>
    </message>
    <message>
        <source>Snapshot with the &amp;hands</source>
        <translation>Schnappschuss &amp;mit Händen</translation>
    </message>
    <message>
        <source>Zoom &amp;in</source>
        <translation>V&amp;ergrößern</translation>
    </message>
    <message>
        <source>Zoom &amp;out</source>
        <translation>Verkle&amp;inern</translation>
    </message>
</context>
<context>
    <name>Comparison</name>
    <message>
        <source>Compare side &amp;by side with</source>
        <translation>&amp;Nebeneinander vergleichen mit</translation>
    </message>
    <message>
        <source>Comparison of two models</source>
        <translation>Vergleich zweier Modelle</translation>
    </message>
    <message>
        <source>End</source>
        <translation>Beenden</translation>
    </message>
    <message>
        <source>End the comparison; A goes on</source>
        <translation>Den Vergleich beenden; A läuft allein weiter</translation>
    </message>
    <message>
        <source>Loading {model}, {seconds} s: {reason}.</source>
        <translation>{model} lädt, {seconds} s: {reason}.</translation>
    </message>
    <message>
        <source>Recordings, streams and gestures are those of A alone. Both see the same frames, one after the other, so that a frame takes the time of both.</source>
        <translation>Aufnahmen, Streams und Gesten kommen allein von A. Beide Modelle bekommen nacheinander dieselben Bilder, daher dauert jedes so lange wie beide zusammen.</translation>
    </message>
    <message>
        <source>Swap</source>
        <translation>Tauschen</translation>
    </message>
    <message>
        <source>Swap the two models: B runs from here on, and A is compared with it</source>
        <translation>Die beiden Modelle tauschen: Ab hier läuft B, und A wird damit verglichen</translation>
    </message>
    <message>
        <source>There is no second model with weights to compare with: Model &gt; Compare the models imports some.</source>
        <translation>Zum Vergleichen fehlt ein zweites Modell mit Gewichten: Modell &gt; Modelle vergleichen importiert welche.</translation>
    </message>
    <message>
        <source>no hands</source>
        <translation>keine Hände</translation>
    </message>
    <message>
        <source>no model yet</source>
        <translation>noch kein Modell</translation>
    </message>
    <message>
        <source>{spent} a frame   {hands}</source>
        <translation>{spent} je Bild   {hands}</translation>
    </message>
</context>
<context>
    <name>ControlPanel</name>
    <message>
        <source> ({first} to {last})</source>
        <translation> ({first} bis {last})</translation>
    </message>
    <message>
        <source>A gesture that, held for a second, begins and ends a recording</source>
        <translation>Eine Geste, die eine Sekunde lang gehalten eine Aufnahme startet und beendet</translation>
    </message>
    <message numerus="yes">
        <source>After %n seconds</source>
        <translation><numerusform>Nach %n Sekunde</numerusform><numerusform>Nach %n Sekunden</numerusform></translation>
    </message>
    <message>
        <source>All sessions…</source>
        <translation>Alle Sitzungen…</translation>
    </message>
    <message>
        <source>At once</source>
        <translation>Sofort</translation>
    </message>
    <message>
        <source>Balanced</source>
        <translation>Ausgewogen</translation>
    </message>
    <message>
        <source>Both</source>
        <translation>Beide</translation>
    </message>
    <message>
        <source>Camera, video or folder of images; the File menu opens others</source>
        <translation>Kamera, Video oder Bildordner; weitere öffnet das Menü Datei</translation>
    </message>
    <message>
        <source>Cancel the countdown</source>
        <translation>Countdown abbrechen</translation>
    </message>
    <message>
        <source>Compare…</source>
        <translation>Vergleichen…</translation>
    </message>
    <message>
        <source>Countdown</source>
        <translation>Countdown</translation>
    </message>
    <message>
        <source>Demo clip</source>
        <translation>Demo-Clip</translation>
    </message>
    <message>
        <source>Edges of the meshes, through which the hand can be compared</source>
        <translation>Kanten der Meshes, durch die sich die Hand vergleichen lässt</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Export…</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>Ordner</translation>
    </message>
    <message>
        <source>Gesture</source>
        <translation>Geste</translation>
    </message>
    <message>
        <source>How calm a still hand is. Higher: less jitter, slower to start moving.
Cutoff of a resting wrist: {hertz:.2f} Hz</source>
        <translation>Wie ruhig eine stille Hand ist. Höher: weniger Zittern, träger bei Beginn einer Bewegung.
Grenzfrequenz eines ruhenden Handgelenks: {hertz:.2f} Hz</translation>
    </message>
    <message>
        <source>How fast a moving hand is followed. Higher: less lag, more jitter while it moves.
The cutoff rises by {hertz:.2f} Hz for each rad/s</source>
        <translation>Wie schnell einer bewegten Hand gefolgt wird. Höher: weniger Verzögerung, mehr Zittern in der Bewegung.
Die Grenzfrequenz steigt um {hertz:.2f} Hz je rad/s</translation>
    </message>
    <message>
        <source>How long to wait before a recording begins</source>
        <translation>Wartezeit vor dem Beginn einer Aufnahme</translation>
    </message>
    <message>
        <source>How much of the hand shines through</source>
        <translation>Wie stark die Hand durchscheint</translation>
    </message>
    <message>
        <source>Joints and bones; a key changes between mesh and skeleton</source>
        <translation>Gelenke und Knochen; eine Taste wechselt zwischen Mesh und Skelett</translation>
    </message>
    <message>
        <source>Loading a model</source>
        <translation>Ein Modell wird geladen</translation>
    </message>
    <message>
        <source>Look at the last recording, run other models over it, export it</source>
        <translation>Die letzte Aufnahme ansehen, andere Modelle darauf anwenden, sie exportieren</translation>
    </message>
    <message>
        <source>Look for cameras again</source>
        <translation>Kameras erneut suchen</translation>
    </message>
    <message>
        <source>Look through all recordings</source>
        <translation>Alle Aufnahmen durchsehen</translation>
    </message>
    <message>
        <source>Mesh</source>
        <translation>Mesh</translation>
    </message>
    <message>
        <source>Meshes with joints and bones over them</source>
        <translation>Meshes mit Gelenken und Knochen darüber</translation>
    </message>
    <message>
        <source>Mirror the video</source>
        <translation>Video spiegeln</translation>
    </message>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Name (optional)</source>
        <translation>Name (optional)</translation>
    </message>
    <message>
        <source>Name of the recording</source>
        <translation>Name der Aufnahme</translation>
    </message>
    <message>
        <source>Network or fit that makes meshes of the frames</source>
        <translation>Netz oder Anpassung, die aus Bildern Meshes macht</translation>
    </message>
    <message>
        <source>No gesture records</source>
        <translation>Keine Geste</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>Notes (optional)</source>
        <translation>Notizen (optional)</translation>
    </message>
    <message>
        <source>Notes on the recording</source>
        <translation>Notizen zur Aufnahme</translation>
    </message>
    <message>
        <source>On the screen only: recordings are never mirrored</source>
        <translation>Nur auf dem Bildschirm: Aufnahmen werden nie gespiegelt</translation>
    </message>
    <message>
        <source>One Euro filter: still hands do not jitter, fast ones do not lag</source>
        <translation>One-Euro-Filter: Stille Hände zittern nicht, schnelle hinken nicht nach</translation>
    </message>
    <message>
        <source>Opacity</source>
        <translation>Deckkraft</translation>
    </message>
    <message>
        <source>Open file…</source>
        <translation>Datei öffnen…</translation>
    </message>
    <message>
        <source>Open folder of images…</source>
        <translation>Bildordner öffnen…</translation>
    </message>
    <message>
        <source>Opening the source</source>
        <translation>Die Quelle wird geöffnet</translation>
    </message>
    <message>
        <source>Own</source>
        <translation>Eigene</translation>
    </message>
    <message>
        <source>Preset of smoothing</source>
        <translation>Voreinstellung der Glättung</translation>
    </message>
    <message>
        <source>Quick</source>
        <translation>Schnell</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>Aufnehmen</translation>
    </message>
    <message>
        <source>Record video and hands into a folder of their own</source>
        <translation>Video und Hände in einen eigenen Ordner aufnehmen</translation>
    </message>
    <message>
        <source>Recording in {left}…   cancel</source>
        <translation>Aufnahme in {left}…   abbrechen</translation>
    </message>
    <message>
        <source>Replay</source>
        <translation>Abspielen</translation>
    </message>
    <message>
        <source>Response</source>
        <translation>Reaktion</translation>
    </message>
    <message>
        <source>Shaded hand meshes; a key changes between mesh and skeleton</source>
        <translation>Schattierte Hand-Meshes; eine Taste wechselt zwischen Mesh und Skelett</translation>
    </message>
    <message>
        <source>Show the folder of the last recording</source>
        <translation>Ordner der letzten Aufnahme zeigen</translation>
    </message>
    <message>
        <source>Show the folder of the last recording: {path}</source>
        <translation>Den Ordner der letzten Aufnahme zeigen: {path}</translation>
    </message>
    <message>
        <source>Skeleton</source>
        <translation>Skelett</translation>
    </message>
    <message>
        <source>Smooth movements</source>
        <translation>Bewegungen glätten</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Quelle</translation>
    </message>
    <message>
        <source>Steadiness</source>
        <translation>Ruhe</translation>
    </message>
    <message>
        <source>Steady</source>
        <translation>Ruhig</translation>
    </message>
    <message>
        <source>Stop   {time}</source>
        <translation>Stopp   {time}</translation>
    </message>
    <message>
        <source>Stop the recording</source>
        <translation>Aufnahme beenden</translation>
    </message>
    <message>
        <source>The camera's video alone</source>
        <translation>Nur das Video der Kamera</translation>
    </message>
    <message>
        <source>The last recording for Blender, game engines, tables or as a video</source>
        <translation>Die letzte Aufnahme für Blender, Spiele-Engines, Tabellen oder als Video</translation>
    </message>
    <message>
        <source>View: {view}</source>
        <translation>Ansicht: {view}</translation>
    </message>
    <message>
        <source>What each model is good at, how good and how fast it is</source>
        <translation>Wofür sich jedes Modell eignet, wie gut und wie schnell es ist</translation>
    </message>
    <message>
        <source>Where the two sliders stand; move them for your own</source>
        <translation>Wo die beiden Regler stehen; wer sie verschiebt, hat eigene Werte</translation>
    </message>
    <message>
        <source>Wire</source>
        <translation>Draht</translation>
    </message>
    <message>
        <source>{gesture} records and stops</source>
        <translation>{gesture} startet und stoppt</translation>
    </message>
    <message>
        <source>{name}, kept in its session.json</source>
        <translation>{name}, steht in ihrer session.json</translation>
    </message>
</context>
<context>
    <name>ExportDialog</name>
    <message>
        <source>Blender wants metres, MotionBuilder centimetres</source>
        <translation>Blender erwartet Meter, MotionBuilder Zentimeter</translation>
    </message>
    <message>
        <source>Bones only, for game engines</source>
        <translation>Nur Knochen, für Spiele-Engines</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Cancelled; nothing was written.</source>
        <translation>Abgebrochen; nichts wurde geschrieben.</translation>
    </message>
    <message>
        <source>Centimetres</source>
        <translation>Zentimeter</translation>
    </message>
    <message>
        <source>Choose…</source>
        <translation>Wählen…</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>Exportieren</translation>
    </message>
    <message>
        <source>Export to</source>
        <translation>Exportieren nach</translation>
    </message>
    <message>
        <source>Export {name}</source>
        <translation>{name} exportieren</translation>
    </message>
    <message>
        <source>Exporting failed: {error}</source>
        <translation>Der Export ist fehlgeschlagen: {error}</translation>
    </message>
    <message>
        <source>File</source>
        <translation>Datei</translation>
    </message>
    <message>
        <source>File to write</source>
        <translation>Zieldatei</translation>
    </message>
    <message>
        <source>For</source>
        <translation>Für</translation>
    </message>
    <message>
        <source>Format</source>
        <translation>Format</translation>
    </message>
    <message>
        <source>Forwards and backwards over the whole take, so that nothing lags</source>
        <translation>Vorwärts und rückwärts über die ganze Aufnahme, sodass nichts nachhinkt</translation>
    </message>
    <message>
        <source>Four influences per vertex and no morph targets; the mesh is less exact</source>
        <translation>Vier Gewichte je Eckpunkt und keine Morph-Targets; das Mesh ist weniger genau</translation>
    </message>
    <message>
        <source>Hands of</source>
        <translation>Hände aus</translation>
    </message>
    <message>
        <source>Metres</source>
        <translation>Meter</translation>
    </message>
    <message>
        <source>Name the file to export to, such as {name}.</source>
        <translation>Für den Export fehlt eine Zieldatei, zum Beispiel {name}.</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>Fortschritt</translation>
    </message>
    <message>
        <source>Sets format and options for a use; each may be changed afterwards</source>
        <translation>Stellt Format und Optionen für einen Zweck ein; beides lässt sich danach ändern</translation>
    </message>
    <message>
        <source>Several files ({endings})</source>
        <translation>Mehrere Dateien ({endings})</translation>
    </message>
    <message>
        <source>Show in folder</source>
        <translation>Im Ordner zeigen</translation>
    </message>
    <message>
        <source>Smooth once more</source>
        <translation>Noch einmal glätten</translation>
    </message>
    <message>
        <source>The hands that were recorded, or those of a model that was run on the session</source>
        <translation>Die aufgenommenen Hände oder die eines Modells, das auf die Sitzung angewandt wurde</translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>Einheit</translation>
    </message>
    <message>
        <source>Unit of length</source>
        <translation>Längeneinheit</translation>
    </message>
    <message>
        <source>my own choice</source>
        <translation>eigene Auswahl</translation>
    </message>
    <message>
        <source>the recording</source>
        <translation>der Aufnahme</translation>
    </message>
    <message>
        <source>the run of {name}</source>
        <translation>dem Durchlauf von {name}</translation>
    </message>
    <message>
        <source>{name} exists already. Replace it?</source>
        <translation>{name} gibt es schon. Ersetzen?</translation>
    </message>
</context>
<context>
    <name>FieldOfView</name>
    <message>
        <source>Across what the angle is measured</source>
        <translation>In welcher Richtung der Winkel gemessen ist</translation>
    </message>
    <message>
        <source>Built into a laptop</source>
        <translation>Im Laptop eingebaut</translation>
    </message>
    <message>
        <source>Data sheets mostly name the angle across the image's diagonal</source>
        <translation>Datenblätter nennen meist den Winkel über die Bilddiagonale</translation>
    </message>
    <message>
        <source>Diagonal</source>
        <translation>Diagonal</translation>
    </message>
    <message>
        <source>Field of view (FOV) that the camera's data sheet names</source>
        <translation>Sichtfeld (FOV), wie es im Datenblatt der Kamera steht</translation>
    </message>
    <message>
        <source>Field of view, degrees</source>
        <translation>Sichtfeld in Grad</translation>
    </message>
    <message>
        <source>Horizontal</source>
        <translation>Horizontal</translation>
    </message>
    <message>
        <source>Narrow webcam</source>
        <translation>Schmale Webcam</translation>
    </message>
    <message>
        <source>Phone, main camera</source>
        <translation>Smartphone, Hauptkamera</translation>
    </message>
    <message>
        <source>USB webcam</source>
        <translation>USB-Webcam</translation>
    </message>
    <message>
        <source>Usual angles</source>
        <translation>Übliche Winkel</translation>
    </message>
    <message>
        <source>Usual angles…</source>
        <translation>Übliche Winkel…</translation>
    </message>
    <message>
        <source>Vertical</source>
        <translation>Vertikal</translation>
    </message>
    <message>
        <source>What such cameras usually have across the diagonal, for those without a data sheet</source>
        <translation>Was solche Kameras meist über die Diagonale haben, falls kein Datenblatt da ist</translation>
    </message>
    <message>
        <source>Wide webcam</source>
        <translation>Weitwinkel-Webcam</translation>
    </message>
    <message>
        <source>{camera}, {degrees:.0f}°</source>
        <translation>{camera}, {degrees:.0f}°</translation>
    </message>
</context>
<context>
    <name>FiguresBar</name>
    <message>
        <source>Finished frames per second, over the last two seconds</source>
        <translation>Fertige Bilder je Sekunde, über die letzten zwei Sekunden</translation>
    </message>
    <message>
        <source>Hands in view: the person's own left and right, how sure it is, who saw the hand, and the gesture it makes</source>
        <translation>Sichtbare Hände: links und rechts aus Sicht der Person, wie sicher die Hand ist, wer sie gesehen hat und welche Geste sie macht</translation>
    </message>
    <message>
        <source>The model that made the newest frame</source>
        <translation>Das Modell, von dem das neueste Bild stammt</translation>
    </message>
    <message>
        <source>no model yet</source>
        <translation>noch kein Modell</translation>
    </message>
    <message>
        <source>{rate:.1f} frames/s</source>
        <translation>{rate:.1f} Bilder/s</translation>
    </message>
</context>
<context>
    <name>HandShapeGuide</name>
    <message>
        <source>Again</source>
        <translation>Nochmals</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Hand shape</source>
        <translation>Handform</translation>
    </message>
    <message>
        <source>Hold both hands open for two seconds</source>
        <translation>Beide Hände zwei Sekunden lang offen halten</translation>
    </message>
    <message>
        <source>Keep</source>
        <translation>Behalten</translation>
    </message>
    <message>
        <source>Keep the shape under this name, and hold it in every fit</source>
        <translation>Die Form unter diesem Namen behalten und in jeder Anpassung verwenden</translation>
    </message>
    <message>
        <source>Leave all as it was</source>
        <translation>Alles lassen, wie es war</translation>
    </message>
    <message>
        <source>Measure once more</source>
        <translation>Noch einmal messen</translation>
    </message>
    <message>
        <source>Seconds for which both hands were seen open, still and apart</source>
        <translation>Sekunden, in denen beide Hände offen, still und getrennt zu sehen waren</translation>
    </message>
    <message>
        <source>Seconds for which the hands were seen well</source>
        <translation>Sekunden, in denen die Hände gut zu sehen waren</translation>
    </message>
    <message>
        <source>The name under which the shape is kept; one that is there already is replaced</source>
        <translation>Name, unter dem die Form bleibt; eine gleichnamige wird ersetzt</translation>
    </message>
    <message>
        <source>Whose hands these are</source>
        <translation>Wessen Hände das sind</translation>
    </message>
    <message>
        <source>Your hands are measured</source>
        <translation>Die Hände sind vermessen</translation>
    </message>
    <message>
        <source>{done:.1f} of {all:.0f} s</source>
        <translation>{done:.1f} von {all:.0f} s</translation>
    </message>
</context>
<context>
    <name>HandShapes</name>
    <message>
        <source>&amp;Delete {name}</source>
        <translation>{name} &amp;löschen</translation>
    </message>
    <message>
        <source>&amp;Nobody: adapt to whoever is seen</source>
        <translation>&amp;Niemand: an die sichtbare Person anpassen</translation>
    </message>
    <message>
        <source>&amp;Rename {name}…</source>
        <translation>{name} &amp;umbenennen…</translation>
    </message>
    <message>
        <source>Bothhands: hand shape</source>
        <translation>Bothhands: Handform</translation>
    </message>
    <message>
        <source>Every fit now holds the hand shape of {name}.</source>
        <translation>Jede Anpassung verwendet jetzt die Handform von {name}.</translation>
    </message>
    <message>
        <source>Me</source>
        <translation>Ich</translation>
    </message>
    <message>
        <source>The hand shape of {name} was deleted.</source>
        <translation>Die Handform von {name} wurde gelöscht.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>Whose hands these are:</source>
        <translation>Wessen Hände das sind:</translation>
    </message>
    <message>
        <source>{name} (of the {hand_model} hand model)</source>
        <translation>{name} (zum Handmodell {hand_model})</translation>
    </message>
</context>
<context>
    <name>HelpPanel</name>
    <message>
        <source>Bothhands: help</source>
        <translation>Bothhands: Hilfe</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>For good tracking</source>
        <translation>Damit die Hände gut verfolgt werden</translation>
    </message>
    <message>
        <source>Keys</source>
        <translation>Tasten</translation>
    </message>
</context>
<context>
    <name>ImageView</name>
    <message>
        <source>Live video</source>
        <translation>Live-Video</translation>
    </message>
</context>
<context>
    <name>LanguageMenu</name>
    <message>
        <source>&amp;As the system</source>
        <translation>&amp;Wie das System</translation>
    </message>
    <message>
        <source>Lan&amp;guage</source>
        <translation>S&amp;prache</translation>
    </message>
</context>
<context>
    <name>LogPanel</name>
    <message>
        <source>Bothhands: log and health</source>
        <translation>Bothhands: Protokoll und Zustand</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Copy all</source>
        <translation>Alles kopieren</translation>
    </message>
    <message>
        <source>Health</source>
        <translation>Zustand</translation>
    </message>
    <message>
        <source>Health and log, for a report of what went wrong</source>
        <translation>Zustand und Protokoll, für einen Fehlerbericht</translation>
    </message>
    <message>
        <source>Log</source>
        <translation>Protokoll</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>&amp;Camera</source>
        <translation>&amp;Kamera</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>&amp;Modell</translation>
    </message>
    <message>
        <source>&amp;Play</source>
        <translation>&amp;Wiedergabe</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>Full screen: a right click on the video shows the way out.</source>
        <translation>Vollbild: Ein Rechtsklick auf das Video zeigt den Weg hinaus.</translation>
    </message>
    <message>
        <source>H&amp;ands</source>
        <translation>Hä&amp;nde</translation>
    </message>
    <message>
        <source>Opening the source…</source>
        <translation>Die Quelle wird geöffnet…</translation>
    </message>
    <message>
        <source>Snapshot {name} is in {folder}.</source>
        <translation>Der Schnappschuss {name} liegt in {folder}.</translation>
    </message>
    <message>
        <source>The profile {name} cannot be used: {error}</source>
        <translation>Das Profil {name} ist nicht verwendbar: {error}</translation>
    </message>
    <message>
        <source>The profile {name} wants the model {model}, which has no weights here.</source>
        <translation>Das Profil {name} verlangt das Modell {model}, das hier keine Gewichte hat.</translation>
    </message>
    <message>
        <source>There is no frame to keep yet.</source>
        <translation>Es gibt noch kein Bild zum Festhalten.</translation>
    </message>
    <message>
        <source>Waiting for the first frame…</source>
        <translation>Warten auf das erste Bild…</translation>
    </message>
</context>
<context>
    <name>ModelCards</name>
    <message>
        <source>Bothhands: models</source>
        <translation>Bothhands: Modelle</translation>
    </message>
    <message>
        <source>Choose a published checkpoint of {name}</source>
        <translation>Einen veröffentlichten Checkpoint von {name} wählen</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Compare live</source>
        <translation>Live vergleichen</translation>
    </message>
    <message>
        <source>End comparison</source>
        <translation>Vergleich beenden</translation>
    </message>
    <message>
        <source>Go over to {name}</source>
        <translation>Zu {name} wechseln</translation>
    </message>
    <message>
        <source>Import weights…</source>
        <translation>Gewichte importieren…</translation>
    </message>
    <message>
        <source>Shares are of 80 frames of real video that were annotated by eye, most of two hands that touch. The trackers' thresholds were chosen on these frames.</source>
        <translation>Die Anteile beziehen sich auf 80 von Hand annotierte Bilder echter Videos, meist mit zwei Händen, die sich berühren. Auf diesen Bildern wurden auch die Schwellen der Verfolgung gewählt.</translation>
    </message>
    <message>
        <source>Show the hands of the model in use alone, without those of {name} beside them</source>
        <translation>Nur die Hände des aktiven Modells zeigen, ohne die von {name} daneben</translation>
    </message>
    <message>
        <source>Show the hands of {name} beside those of the model in use, over the same frames</source>
        <translation>Die Hände von {name} neben denen des aktiven Modells zeigen, über denselben Bildern</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>Verwenden</translation>
    </message>
    <message>
        <source>in use</source>
        <translation>aktiv</translation>
    </message>
</context>
<context>
    <name>ProfileMenu</name>
    <message>
        <source>&amp;Delete</source>
        <translation>&amp;Löschen</translation>
    </message>
    <message>
        <source>&amp;Profiles</source>
        <translation>&amp;Profile</translation>
    </message>
    <message>
        <source>&amp;Save these settings as…</source>
        <translation>Diese Einstellungen &amp;speichern als…</translation>
    </message>
    <message>
        <source>Bothhands: profile</source>
        <translation>Bothhands: Profil</translation>
    </message>
    <message>
        <source>Name of the profile; one that is there already is replaced:</source>
        <translation>Name des Profils; ein gleichnamiges wird ersetzt:</translation>
    </message>
    <message>
        <source>The profile {name} is saved: File &gt; Profiles chooses it.</source>
        <translation>Das Profil {name} ist gespeichert: Datei &gt; Profile wählt es.</translation>
    </message>
    <message>
        <source>The profile {name} was deleted.</source>
        <translation>Das Profil {name} wurde gelöscht.</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
</context>
<context>
    <name>ReplayWindow</name>
    <message>
        <source>&amp;3D view beside the video</source>
        <translation>&amp;3D-Ansicht neben dem Video</translation>
    </message>
    <message>
        <source>&amp;Cancel the run</source>
        <translation>Durchlauf &amp;abbrechen</translation>
    </message>
    <message>
        <source>&amp;Close</source>
        <translation>&amp;Schließen</translation>
    </message>
    <message>
        <source>&amp;Export…</source>
        <translation>&amp;Export…</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>&amp;Datei</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>&amp;Hilfe</translation>
    </message>
    <message>
        <source>&amp;Keys</source>
        <translation>&amp;Tasten</translation>
    </message>
    <message>
        <source>&amp;Loop</source>
        <translation>&amp;Wiederholen</translation>
    </message>
    <message>
        <source>&amp;Mirror the video</source>
        <translation>Video &amp;spiegeln</translation>
    </message>
    <message>
        <source>&amp;Model</source>
        <translation>&amp;Modell</translation>
    </message>
    <message>
        <source>&amp;Play</source>
        <translation>&amp;Wiedergabe</translation>
    </message>
    <message>
        <source>&amp;Play or pause</source>
        <translation>&amp;Abspielen oder anhalten</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>&amp;Ansicht</translation>
    </message>
    <message>
        <source>Fas&amp;ter</source>
        <translation>S&amp;chneller</translation>
    </message>
    <message>
        <source>Mesh or &amp;skeleton</source>
        <translation>&amp;Mesh oder Skelett</translation>
    </message>
    <message>
        <source>One &amp;second back</source>
        <translation>Eine &amp;Sekunde zurück</translation>
    </message>
    <message>
        <source>One frame &amp;back</source>
        <translation>Ein Bild &amp;zurück</translation>
    </message>
    <message>
        <source>One frame &amp;forward</source>
        <translation>Ein Bild &amp;vor</translation>
    </message>
    <message>
        <source>One second f&amp;orward</source>
        <translation>Eine Sekunde v&amp;or</translation>
    </message>
    <message>
        <source>Reading the session…</source>
        <translation>Die Sitzung wird gelesen…</translation>
    </message>
    <message>
        <source>Recorded video</source>
        <translation>Aufgenommenes Video</translation>
    </message>
    <message>
        <source>Run {model} on this session</source>
        <translation>{model} auf diese Sitzung anwenden</translation>
    </message>
    <message>
        <source>Slo&amp;wer</source>
        <translation>&amp;Langsamer</translation>
    </message>
    <message>
        <source>To the &amp;end</source>
        <translation>Zum &amp;Ende</translation>
    </message>
    <message>
        <source>To the be&amp;ginning</source>
        <translation>Zum An&amp;fang</translation>
    </message>
</context>
<context>
    <name>RunsBar</name>
    <message>
        <source>A model to run over the whole session</source>
        <translation>Ein Modell für die ganze Sitzung</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>Abbrechen</translation>
    </message>
    <message>
        <source>Loading {model}…</source>
        <translation>{model} wird geladen…</translation>
    </message>
    <message>
        <source>Model to run</source>
        <translation>Anzuwendendes Modell</translation>
    </message>
    <message>
        <source>Progress of the run</source>
        <translation>Fortschritt des Durchlaufs</translation>
    </message>
    <message>
        <source>Run beside it</source>
        <translation>Durchlauf daneben</translation>
    </message>
    <message>
        <source>Run model on this session</source>
        <translation>Modell auf diese Sitzung anwenden</translation>
    </message>
    <message>
        <source>Run that is shown</source>
        <translation>Gezeigter Durchlauf</translation>
    </message>
    <message>
        <source>Show</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>Stop the run; nothing of it is stored</source>
        <translation>Den Durchlauf abbrechen; nichts davon wird gespeichert</translation>
    </message>
    <message>
        <source>The result is stored beside the recording, which stays as it is</source>
        <translation>Das Ergebnis wird neben der Aufnahme gespeichert, die bleibt, wie sie ist</translation>
    </message>
    <message>
        <source>This session has no video to run a model on</source>
        <translation>Diese Sitzung hat kein Video, auf das sich ein Modell anwenden lässt</translation>
    </message>
    <message>
        <source>Whose hands are drawn</source>
        <translation>Wessen Hände gezeichnet werden</translation>
    </message>
    <message>
        <source>Whose hands are drawn beside them, over the same frames</source>
        <translation>Wessen Hände daneben gezeichnet werden, über denselben Bildern</translation>
    </message>
    <message>
        <source>beside</source>
        <translation>neben</translation>
    </message>
    <message>
        <source>nothing</source>
        <translation>nichts</translation>
    </message>
    <message>
        <source>recorded ({model})</source>
        <translation>aufgenommen ({model})</translation>
    </message>
    <message>
        <source>{model}: %p %</source>
        <translation>{model}: %p %</translation>
    </message>
</context>
<context>
    <name>SceneView</name>
    <message>
        <source>3D view of both hands</source>
        <translation>3D-Ansicht beider Hände</translation>
    </message>
    <message>
        <source>Drag to turn, drag with the right button to move, turn the wheel to come nearer, double-click to go back</source>
        <translation>Ziehen dreht, Ziehen mit der rechten Taste verschiebt, das Mausrad führt näher heran, ein Doppelklick zurück</translation>
    </message>
</context>
<context>
    <name>Section</name>
    <message>
        <source>Hide the section {title}</source>
        <translation>{title} einklappen</translation>
    </message>
    <message>
        <source>Show the section {title}</source>
        <translation>{title} ausklappen</translation>
    </message>
    <message>
        <source>{title}, folded</source>
        <translation>{title}, eingeklappt</translation>
    </message>
    <message>
        <source>{title}, unfolded</source>
        <translation>{title}, ausgeklappt</translation>
    </message>
</context>
<context>
    <name>SectionTitle</name>
    <message>
        <source>Model</source>
        <translation>Modell</translation>
    </message>
    <message>
        <source>Recording</source>
        <translation>Aufnahme</translation>
    </message>
    <message>
        <source>Recording options</source>
        <translation>Aufnahmeoptionen</translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation>Glättung</translation>
    </message>
    <message>
        <source>Source</source>
        <translation>Quelle</translation>
    </message>
    <message>
        <source>Stream</source>
        <translation>Stream</translation>
    </message>
    <message>
        <source>View</source>
        <translation>Ansicht</translation>
    </message>
</context>
<context>
    <name>Sentence</name>
    <message>
        <source> and </source>
        <translation> und </translation>
    </message>
    <message>
        <source>(They are {rms:.1f} px off; up to {most:.1f} px are good.)</source>
        <translation>(Sie weichen um {rms:.1f} px ab; bis {most:.1f} px sind gut.)</translation>
    </message>
    <message>
        <source>(Too many corners lie elsewhere.)</source>
        <translation>(Zu viele Ecken liegen anderswo.)</translation>
    </message>
    <message>
        <source>(early weights)</source>
        <translation>(frühe Gewichte)</translation>
    </message>
    <message>
        <source>(untrained: random weights)</source>
        <translation>(untrainiert: zufällige Gewichte)</translation>
    </message>
    <message>
        <source>, and </source>
        <translation>, und </translation>
    </message>
    <message>
        <source>1 client</source>
        <translation>1 Client</translation>
    </message>
    <message>
        <source>1 damaged frame</source>
        <translation>1 beschädigtes Bild</translation>
    </message>
    <message>
        <source>1 frame</source>
        <translation>1 Bild</translation>
    </message>
    <message>
        <source>1 hand</source>
        <translation>1 Hand</translation>
    </message>
    <message>
        <source>1 more frame is missing in the video: {reasons}.</source>
        <translation>1 weiteres Bild fehlt im Video: {reasons}.</translation>
    </message>
    <message>
        <source>1 video was</source>
        <translation>1 Video wurde</translation>
    </message>
    <message>
        <source>; the network that was called {model} is {today} now</source>
        <translation>; das Netz, das {model} hieß, heißt jetzt {today}</translation>
    </message>
    <message>
        <source>A crop's place in the frame is not a number; look at what cut it out of the image.</source>
        <translation>Wo der Ausschnitt im Bild liegt, ist keine Zahl; nachsehen, was ihn ausgeschnitten hat.</translation>
    </message>
    <message>
        <source>A hand model in torch</source>
        <translation>Ein Handmodell in torch</translation>
    </message>
    <message>
        <source>A pause of more than {longest} s in which the source gave no frame ({seconds:.0f} s in all) is shortened to 1 s.</source>
        <translation>Eine Pause von mehr als {longest} s, in der die Quelle kein Bild lieferte (insgesamt {seconds:.0f} s), wird auf 1 s gekürzt.</translation>
    </message>
    <message>
        <source>A virtual camera</source>
        <translation>Eine virtuelle Kamera</translation>
    </message>
    <message>
        <source>Add the package com.unity.cloud.gltfast to the project, then the file to its assets.</source>
        <translation>Erst das Paket com.unity.cloud.gltfast ins Projekt aufnehmen, dann die Datei in seine Assets.</translation>
    </message>
    <message>
        <source>As it is measured and tuned</source>
        <translation>Wie gemessen und abgestimmt</translation>
    </message>
    <message>
        <source>Automatic</source>
        <translation>Automatisch</translation>
    </message>
    <message>
        <source>Automatic exposure</source>
        <translation>Belichtung automatisch</translation>
    </message>
    <message>
        <source>Automatic focus</source>
        <translation>Schärfe automatisch</translation>
    </message>
    <message>
        <source>BVH cannot hide a hand: one that was out of sight moves straight to where it comes back.</source>
        <translation>BVH kann keine Hand ausblenden: Eine, die nicht zu sehen war, bewegt sich gerade dorthin, wo sie wieder erscheint.</translation>
    </message>
    <message>
        <source>BVH: bones in motion, no mesh</source>
        <translation>BVH: bewegte Knochen, kein Mesh</translation>
    </message>
    <message>
        <source>Bones have VRM's names, as VMC sends them. To move an avatar live, play the session's video.mkv as a source with VMC switched on: it is tracked anew.</source>
        <translation>Die Knochen heißen wie in VRM und wie VMC sie sendet. Um einen Avatar live zu bewegen, video.mkv der Sitzung als Quelle abspielen und VMC einschalten: Die Hände werden dabei neu verfolgt.</translation>
    </message>
    <message>
        <source>Bothhands' own hand model {path} cannot be read ({reason}); install it anew.</source>
        <translation>Das eigene Handmodell von Bothhands {path} lässt sich nicht lesen ({reason}); neu installieren hilft.</translation>
    </message>
    <message>
        <source>CUDA devices: {count}</source>
        <translation>{count} CUDA-Geräte</translation>
    </message>
    <message>
        <source>Calm hands for a photograph or a slow gesture; fast ones lag</source>
        <translation>Ruhige Hände für ein Foto oder eine langsame Geste; schnelle hinken nach</translation>
    </message>
    <message>
        <source>Comparing models</source>
        <translation>Das Vergleichen von Modellen</translation>
    </message>
    <message>
        <source>Comparing with {model}</source>
        <translation>Der Vergleich mit {model}</translation>
    </message>
    <message>
        <source>Device {name!r} is not there: torch sees {seen}; use --device cpu.</source>
        <translation>Das Gerät {name!r} gibt es hier nicht: torch sieht {seen}; --device cpu geht.</translation>
    </message>
    <message>
        <source>Drawing</source>
        <translation>Das Zeichnen</translation>
    </message>
    <message>
        <source>Drawing the 3D view</source>
        <translation>Das Zeichnen der 3D-Ansicht</translation>
    </message>
    <message>
        <source>Drawing the hands</source>
        <translation>Das Zeichnen der Hände</translation>
    </message>
    <message>
        <source>EANet (Light): the paper's light network, c = C / 8 on a ResNet-50</source>
        <translation>EANet (Light): das leichte Netz der Veröffentlichung, c = C / 8 auf einem ResNet-50</translation>
    </message>
    <message>
        <source>EANet gave numbers that are not finite: its weights are damaged, import them again.</source>
        <translation>EANet gab Zahlen, die nicht endlich sind: Seine Gewichte sind beschädigt; bitte neu importieren.</translation>
    </message>
    <message>
        <source>EANet on LWA-HAND's encoder: ours, the light network's heads on a backbone for processors</source>
        <translation>EANet auf dem Encoder von LWA-HAND: ein eigenes Netz, die Köpfe des leichten Netzes auf einem Backbone für Prozessoren</translation>
    </message>
    <message>
        <source>EANet's way of telling two hands apart, light enough for a processor.</source>
        <translation>Trennt zwei Hände wie EANet und ist leicht genug für einen Prozessor.</translation>
    </message>
    <message>
        <source>EANet: extract and adaptation</source>
        <translation>EANet: herausziehen und angleichen</translation>
    </message>
    <message>
        <source>Each hand has one shape for the whole take: joints lie {mean:.1f} mm on average, at most {most:.1f} mm, from the recorded ones.</source>
        <translation>Jede Hand hat in der ganzen Aufnahme eine Form: Gelenke liegen im Mittel {mean:.1f} mm, höchstens {most:.1f} mm neben den aufgenommenen.</translation>
    </message>
    <message>
        <source>Exposure</source>
        <translation>Belichtung</translation>
    </message>
    <message>
        <source>Fast hands without lag, for games and avatars; still ones jitter a little</source>
        <translation>Schnelle Hände ohne Verzögerung, für Spiele und Avatare; stille zittern etwas</translation>
    </message>
    <message>
        <source>Fast, steady and exact while the hands are apart; of two hands that touch it often loses one.</source>
        <translation>Schnell, ruhig und genau, solange die Hände getrennt sind; von zwei Händen, die sich berühren, verliert es oft eine.</translation>
    </message>
    <message>
        <source>Field required</source>
        <translation>Feld fehlt</translation>
    </message>
    <message>
        <source>Finishing the recording</source>
        <translation>Das Abschließen der Aufnahme</translation>
    </message>
    <message>
        <source>Focus</source>
        <translation>Schärfe</translation>
    </message>
    <message>
        <source>Frame {index} says that it was taken {years:.0f} years away, which no clock counts: the source is damaged.</source>
        <translation>Bild {index} gibt an, {years:.0f} Jahre entfernt aufgenommen zu sein, was keine Uhr zählt: Die Quelle ist beschädigt.</translation>
    </message>
    <message>
        <source>Gain</source>
        <translation>Verstärkung</translation>
    </message>
    <message>
        <source>Hands &gt; Calibrate hand shape in the window measures one</source>
        <translation>Hände &gt; Handform kalibrieren im Fenster misst eine</translation>
    </message>
    <message>
        <source>Hands are drawn as skeletons, because meshes cannot be drawn here.</source>
        <translation>Hände werden als Skelette gezeichnet, weil sich hier keine Meshes zeichnen lassen.</translation>
    </message>
    <message>
        <source>Hands of the right side that lie within a quarter of their box of where they are</source>
        <translation>Hände der richtigen Seite, die um höchstens ein Viertel ihres Rahmens danebenliegen</translation>
    </message>
    <message>
        <source>Hands shown where there are none</source>
        <translation>Hände, die gezeigt werden, wo keine sind</translation>
    </message>
    <message>
        <source>Hands were made by {model}, then {later} and 1 more change.</source>
        <translation>Die Hände stammen von {model}, dann {later}, dazu 1 weiterer Wechsel.</translation>
    </message>
    <message>
        <source>Hands were made by {model}, then {later} and {more} more changes.</source>
        <translation>Die Hände stammen von {model}, dann {later}, dazu {more} weitere Wechsel.</translation>
    </message>
    <message>
        <source>Hands were made by {model}, then {later}.</source>
        <translation>Die Hände stammen von {model}, dann {later}.</translation>
    </message>
    <message>
        <source>Images of two hands in which both are right</source>
        <translation>Bilder mit zwei Händen, in denen beide stimmen</translation>
    </message>
    <message>
        <source>In Blender set the frame rate, then File &gt; Import &gt; glTF 2.0.</source>
        <translation>In Blender die Bildrate einstellen, dann Datei &gt; Importieren &gt; glTF 2.0.</translation>
    </message>
    <message>
        <source>In the settings file {faults}; {aside}.</source>
        <translation>In der Einstellungsdatei: {faults}; {aside}.</translation>
    </message>
    <message>
        <source>Input should be a finite number</source>
        <translation>Der Wert muss eine endliche Zahl sein</translation>
    </message>
    <message>
        <source>Input should be a valid boolean</source>
        <translation>Der Wert muss wahr oder falsch sein</translation>
    </message>
    <message>
        <source>Input should be a valid boolean, unable to interpret input</source>
        <translation>Der Wert muss wahr oder falsch sein, und dieser ist keins von beiden</translation>
    </message>
    <message>
        <source>Input should be a valid integer</source>
        <translation>Der Wert muss eine ganze Zahl sein</translation>
    </message>
    <message>
        <source>Input should be a valid integer, unable to parse string as an integer</source>
        <translation>Der Wert muss eine ganze Zahl sein, und dieser Text ist keine</translation>
    </message>
    <message>
        <source>Input should be a valid number</source>
        <translation>Der Wert muss eine Zahl sein</translation>
    </message>
    <message>
        <source>Input should be a valid number, unable to parse string as a number</source>
        <translation>Der Wert muss eine Zahl sein, und dieser Text ist keine</translation>
    </message>
    <message>
        <source>Input should be a valid string</source>
        <translation>Der Wert muss ein Text sein</translation>
    </message>
    <message>
        <source>Input should be greater than or equal to {limit}</source>
        <translation>Der Wert muss mindestens {limit} sein</translation>
    </message>
    <message>
        <source>Input should be greater than {limit}</source>
        <translation>Der Wert muss größer als {limit} sein</translation>
    </message>
    <message>
        <source>Input should be less than or equal to {limit}</source>
        <translation>Der Wert darf höchstens {limit} sein</translation>
    </message>
    <message>
        <source>Input should be less than {limit}</source>
        <translation>Der Wert muss kleiner als {limit} sein</translation>
    </message>
    <message>
        <source>Input should be {expected}</source>
        <translation>Möglich ist: {expected}</translation>
    </message>
    <message>
        <source>LWA-HAND: lightweight attention network</source>
        <translation>LWA-HAND: leichtes Attention-Netz</translation>
    </message>
    <message>
        <source>Left hands taken for right ones, and the other way round</source>
        <translation>Linke Hände, die für rechte gehalten werden, und umgekehrt</translation>
    </message>
    <message>
        <source>Licence: {licence}</source>
        <translation>Lizenz: {licence}</translation>
    </message>
    <message>
        <source>Loading {model}</source>
        <translation>Das Laden von {model}</translation>
    </message>
    <message>
        <source>Looking for cameras</source>
        <translation>Die Suche nach Kameras</translation>
    </message>
    <message>
        <source>Looking for the calibration board</source>
        <translation>Die Suche nach dem Kalibriermuster</translation>
    </message>
    <message>
        <source>MIT for this implementation; imported weights keep their authors' terms</source>
        <translation>MIT für diese Umsetzung; für importierte Gewichte gelten die Bedingungen ihrer Autoren</translation>
    </message>
    <message>
        <source>MIT; MediaPipe's networks are Apache-2.0</source>
        <translation>MIT; für die Netze von MediaPipe gilt Apache-2.0</translation>
    </message>
    <message>
        <source>MIT; weights start from MediaPipe's hand-landmark network, Apache-2.0</source>
        <translation>MIT; die Gewichte gehen aus MediaPipes Netz für Handpunkte hervor, Apache-2.0</translation>
    </message>
    <message>
        <source>Mean distance of the joints of right hands, as a share of the hand's box</source>
        <translation>Mittlerer Abstand der Gelenke richtiger Hände, als Anteil des Rahmens der Hand</translation>
    </message>
    <message>
        <source>Measuring the recording</source>
        <translation>Das Messen der Aufnahme</translation>
    </message>
    <message>
        <source>MediaPipe Hands (https://arxiv.org/abs/2006.10214) and damped Gauss-Newton</source>
        <translation>MediaPipe Hands (https://arxiv.org/abs/2006.10214) und gedämpftes Gauß-Newton-Verfahren</translation>
    </message>
    <message>
        <source>MediaPipe landmarks, hand model fitted by inverse kinematics; needs no training</source>
        <translation>MediaPipe-Landmarken, Handmodell durch inverse Kinematik angepasst; braucht kein Training</translation>
    </message>
    <message>
        <source>Meshes cannot be drawn, because OpenGL does not work on this machine ({names}); on Debian or Ubuntu run `sudo apt-get install libegl1 libgl1 libgl1-mesa-dri`, elsewhere update the graphics driver.</source>
        <translation>Netze lassen sich nicht zeichnen, weil OpenGL auf diesem Rechner nicht läuft ({names}); unter Debian und Ubuntu hilft `sudo apt-get install libegl1 libgl1 libgl1-mesa-dri`, sonst ein neuerer Grafiktreiber.</translation>
    </message>
    <message>
        <source>No camera has the mode {text}; a side is 1 to {side} px, and the rate up to {rate:g} a second.</source>
        <translation>Keine Kamera hat den Modus {text}; eine Seite hat 1 bis {side} px, und es sind höchstens {rate:g} Bilder je Sekunde.</translation>
    </message>
    <message>
        <source>No camera was found</source>
        <translation>Es wurde keine Kamera gefunden</translation>
    </message>
    <message>
        <source>No camera works</source>
        <translation>Keine Kamera funktioniert</translation>
    </message>
    <message>
        <source>No hand detector can be loaded. {no_openvino} {no_mediapipe}</source>
        <translation>Es lässt sich kein Detektor für Hände laden. {no_openvino} {no_mediapipe}</translation>
    </message>
    <message>
        <source>No hand shape is kept for {name!r:.60}; {helps}.</source>
        <translation>Für {name!r:.60} ist keine Handform gespeichert; {helps}.</translation>
    </message>
    <message>
        <source>No hand was found in {where}, so there is nothing to export.</source>
        <translation>Keine Hand gefunden in: {where}. Es gibt nichts zu exportieren.</translation>
    </message>
    <message>
        <source>No session can be written in {root}: {reason}; choose another folder.</source>
        <translation>In {root} kann keine Sitzung geschrieben werden: {reason}; einen anderen Ordner wählen.</translation>
    </message>
    <message>
        <source>No web page can connect at {address}: {reason}; choose another port.</source>
        <translation>Unter {address} kann sich keine Webseite verbinden: {reason}; ein anderer Port hilft.</translation>
    </message>
    <message>
        <source>No weights are installed, so its hands would mean nothing.</source>
        <translation>Es sind keine Gewichte installiert, daher wären seine Hände bedeutungslos.</translation>
    </message>
    <message>
        <source>None of the {count} images in {name} can be read; are the files whole?</source>
        <translation>Keines der {count} Bilder in {name} ist lesbar; sind die Dateien vollständig?</translation>
    </message>
    <message>
        <source>Not run on this machine yet: use it for a few seconds to see how fast it is.</source>
        <translation>Lief auf diesem Rechner noch nicht: Nach ein paar Sekunden Nutzung steht hier, wie schnell es ist.</translation>
    </message>
    <message>
        <source>Nothing had been recorded in {path} yet; the empty folder was removed.</source>
        <translation>In {path} war noch nichts aufgenommen; der leere Ordner wurde entfernt.</translation>
    </message>
    <message>
        <source>NumPy arrays</source>
        <translation>NumPy-Arrays</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>Aus</translation>
    </message>
    <message>
        <source>Only a left hand was found. If this is a mirrored selfie clip, it is a right one: {remedy}.</source>
        <translation>Nur eine linke Hand wurde gefunden. Falls dies ein gespiegelter Selfie-Clip ist, ist es eine rechte: {remedy}.</translation>
    </message>
    <message>
        <source>OpenVINO cannot be loaded ({reason}). What helps: {repair}; or choose what runs without it.</source>
        <translation>OpenVINO lässt sich nicht laden ({reason}). Was hilft: {repair}; oder etwas wählen, das ohne es läuft.</translation>
    </message>
    <message>
        <source>Opening the source</source>
        <translation>Öffnen der Quelle</translation>
    </message>
    <message>
        <source>Power line</source>
        <translation>Netzfrequenz</translation>
    </message>
    <message>
        <source>Reading a run</source>
        <translation>Lesen eines Durchlaufs</translation>
    </message>
    <message>
        <source>Reading the models' cards</source>
        <translation>Das Lesen der Modellkarten</translation>
    </message>
    <message>
        <source>Reading the source</source>
        <translation>Lesen der Quelle</translation>
    </message>
    <message>
        <source>Reading {name} failed: {reason}; open it again.</source>
        <translation>{name} ließ sich nicht weiter lesen: {reason}; erneutes Öffnen hilft.</translation>
    </message>
    <message>
        <source>Recorded {frames} in {folder}.</source>
        <translation>{frames} in {folder} aufgenommen.</translation>
    </message>
    <message>
        <source>Recording in {folder}</source>
        <translation>Die Aufnahme in {folder}</translation>
    </message>
    <message>
        <source>Recording stopped as the source has ended.</source>
        <translation>Die Aufnahme endete mit der Quelle.</translation>
    </message>
    <message>
        <source>Recording stopped at the end of the clip.</source>
        <translation>Die Aufnahme endete am Ende des Clips.</translation>
    </message>
    <message>
        <source>Recording stopped because the clip was moved.</source>
        <translation>Die Aufnahme endete, weil im Clip gesprungen wurde.</translation>
    </message>
    <message>
        <source>Recording stopped because the source changed.</source>
        <translation>Die Aufnahme endete, weil die Quelle gewechselt wurde.</translation>
    </message>
    <message>
        <source>Recording stopped because the source failed.</source>
        <translation>Die Aufnahme endete, weil die Quelle ausfiel.</translation>
    </message>
    <message>
        <source>Recording stopped because the source was opened again.</source>
        <translation>Die Aufnahme endete, weil die Quelle neu geöffnet wurde.</translation>
    </message>
    <message>
        <source>Recording stopped, because the disk or the encoder is too slow: {dropped} of the last {count} frames could not be written. What was recorded is kept; choose a faster disk or a smaller frame.</source>
        <translation>Die Aufnahme wurde beendet, weil Festplatte oder Encoder zu langsam sind: {dropped} der letzten {count} Bilder konnten nicht geschrieben werden. Das Aufgenommene bleibt erhalten; eine schnellere Festplatte oder ein kleineres Bild wählen.</translation>
    </message>
    <message>
        <source>Recovered {path}: {frames} and {rows}. At most about {hands:.1f} s of hands and {video:.1f} s of video are missing at the end.</source>
        <translation>{path} ist wiederhergestellt: {frames} und {rows}. Am Ende fehlen höchstens etwa {hands:.1f} s Hände und {video:.1f} s Video.</translation>
    </message>
    <message>
        <source>Recovered {path}: {rows}. At most about {hands:.1f} s of hands are missing at the end.</source>
        <translation>{path} ist wiederhergestellt: {rows}. Am Ende fehlen höchstens etwa {hands:.1f} s Hände.</translation>
    </message>
    <message>
        <source>Replaying</source>
        <translation>Das Abspielen</translation>
    </message>
    <message>
        <source>Rerun recording</source>
        <translation>Rerun-Aufzeichnung</translation>
    </message>
    <message>
        <source>Rig only: the {side} mesh lies up to {off:.2f} mm from the hand model's.</source>
        <translation>Nur Rig: Das Netz ({side}) liegt bis zu {off:.2f} mm neben dem des Handmodells.</translation>
    </message>
    <message>
        <source>Running {model} on the session</source>
        <translation>Das Anwenden von {model} auf die Sitzung</translation>
    </message>
    <message>
        <source>Science</source>
        <translation>Wissenschaft</translation>
    </message>
    <message>
        <source>Setting the camera</source>
        <translation>Einstellen der Kamera</translation>
    </message>
    <message>
        <source>Settings cannot be saved in {path} ({reason}); make that folder writable or set {config_variable} to another file.</source>
        <translation>Die Einstellungen können nicht in {path} gespeichert werden ({reason}); den Ordner schreibbar machen oder mit {config_variable} eine andere Datei nennen.</translation>
    </message>
    <message>
        <source>Settings in {path} cannot be read ({reason}); the defaults are used.</source>
        <translation>Die Einstellungen in {path} sind nicht lesbar ({reason}); es gelten die Voreinstellungen.</translation>
    </message>
    <message>
        <source>Showing the frame</source>
        <translation>Das Zeigen des Bildes</translation>
    </message>
    <message>
        <source>Skipped an image: {reason}</source>
        <translation>Ein Bild wurde übersprungen: {reason}</translation>
    </message>
    <message>
        <source>Starting the recording</source>
        <translation>Der Beginn der Aufnahme</translation>
    </message>
    <message>
        <source>Starting the renderer</source>
        <translation>Der Start des Renderers</translation>
    </message>
    <message>
        <source>Streaming by {kind} failed: {error}: {reason}. The log says more.</source>
        <translation>Das Senden über {kind} ist fehlgeschlagen: {error}: {reason}. Das Protokoll sagt mehr.</translation>
    </message>
    <message>
        <source>Streaming by {kind} needs a package that is not installed ({reason}). What helps: {repair}.</source>
        <translation>Das Senden über {kind} braucht ein Paket, das nicht installiert ist ({reason}). Was hilft: {repair}.</translation>
    </message>
    <message>
        <source>Streaming by {kind} to {address} loses frames: {reason}; it goes on when that is fixed.</source>
        <translation>Der Stream {kind} an {address} verliert Bilder: {reason}; er läuft weiter, sobald das behoben ist.</translation>
    </message>
    <message>
        <source>Table, one row per frame and hand</source>
        <translation>Tabelle, eine Zeile je Bild und Hand</translation>
    </message>
    <message>
        <source>The WebSocket server has ended.</source>
        <translation>Der WebSocket-Server ist beendet.</translation>
    </message>
    <message>
        <source>The board cannot be saved as {path}: {reason}; choose another folder.</source>
        <translation>Das Brett lässt sich nicht als {path} speichern: {reason}; ein anderer Ordner hilft.</translation>
    </message>
    <message>
        <source>The board cannot be saved as {path}; choose another folder.</source>
        <translation>Das Brett lässt sich nicht als {path} speichern; ein anderer Ordner hilft.</translation>
    </message>
    <message>
        <source>The camera file {path!r} cannot be read: {reason}.</source>
        <translation>Die Kameradatei {path!r} lässt sich nicht lesen: {reason}.</translation>
    </message>
    <message>
        <source>The camera file {path} cannot be read: {reason}.</source>
        <translation>Die Kameradatei {path} lässt sich nicht lesen: {reason}.</translation>
    </message>
    <message>
        <source>The camera file {path} has intrinsics that no camera has: fx {fx:g}, fy {fy:g} must be positive and cx {cx:g}, cy {cy:g} lie in the image of {width:g}x{height:g}.</source>
        <translation>Die Kameradatei {path} enthält Werte, die keine Kamera hat: fx {fx:g}, fy {fy:g} müssen positiv sein, und cx {cx:g}, cy {cy:g} müssen im Bild von {width:g}x{height:g} liegen.</translation>
    </message>
    <message>
        <source>The camera file {path} is no text: a calibration is JSON, YAML or XML.</source>
        <translation>Die Kameradatei {path} ist kein Text: Eine Kalibrierung ist JSON, YAML oder XML.</translation>
    </message>
    <message>
        <source>The camera file {path} is not JSON, YAML or XML that can be read.</source>
        <translation>Die Kameradatei {path} ist kein lesbares JSON, YAML oder XML.</translation>
    </message>
    <message>
        <source>The camera file {path} is not JSON, YAML or XML that holds a table of names and values.</source>
        <translation>Die Kameradatei {path} ist kein JSON, YAML oder XML mit einer Tabelle von Namen und Werten.</translation>
    </message>
    <message>
        <source>The camera file {path} is too large to be a calibration; name another file.</source>
        <translation>Die Kameradatei {path} ist zu groß für eine Kalibrierung; bitte eine andere Datei nennen.</translation>
    </message>
    <message>
        <source>The camera file {path} lacks intrinsics: it needs {forms}.</source>
        <translation>In der Kameradatei {path} fehlen die Kameradaten: Sie braucht {forms}.</translation>
    </message>
    <message>
        <source>The camera's calibration is for images of {width}x{height}, which cannot be scaled to {width2}x{height2}: calibrate at a size of the same shape, or leave --camera out and give --fov.</source>
        <translation>Die Kalibrierung der Kamera gilt für Bilder von {width}x{height} und lässt sich nicht auf {width2}x{height2} umrechnen: in einer Größe mit gleichem Seitenverhältnis kalibrieren, oder --camera weglassen und --fov angeben.</translation>
    </message>
    <message>
        <source>The camera's intrinsics are not numbers that a camera has; give --fov or another --camera.</source>
        <translation>Die Kameradaten sind keine Zahlen, die eine Kamera hat; --fov oder eine andere --camera angeben.</translation>
    </message>
    <message>
        <source>The checkpoint {checkpoint} cannot be imported as an EANet: {reason}.</source>
        <translation>Der Checkpoint {checkpoint} lässt sich nicht als EANet importieren: {reason}.</translation>
    </message>
    <message>
        <source>The checkpoint {path} cannot be read: it is cut short, damaged, or no checkpoint; download it again.</source>
        <translation>Der Checkpoint {path} lässt sich nicht lesen: Er ist abgeschnitten, beschädigt oder keiner; bitte neu herunterladen.</translation>
    </message>
    <message>
        <source>The checkpoint {path} holds no network: {name} in it is not a tensor.</source>
        <translation>Der Checkpoint {path} enthält kein Netz: {name} darin ist kein Tensor.</translation>
    </message>
    <message>
        <source>The checkpoint {path} holds no network; name a snapshot_N.pth.tar of EANet.</source>
        <translation>Der Checkpoint {path} enthält kein Netz; bitte eine Datei snapshot_N.pth.tar von EANet nennen.</translation>
    </message>
    <message>
        <source>The checkpoint {path} was refused and nothing in it was run: it asks for {asked}, which a file of weights needs not; get it from its authors.</source>
        <translation>Der Checkpoint {path} wurde abgelehnt und nichts darin ausgeführt: Er verlangt {asked}, was eine Datei mit Gewichten nicht braucht; bitte die Datei der Autoren nehmen.</translation>
    </message>
    <message>
        <source>The comparison has ended, because {model} is the running model now.</source>
        <translation>Der Vergleich ist beendet, weil {model} jetzt das aktive Modell ist.</translation>
    </message>
    <message>
        <source>The cpu renderer does not work here, because {reason}; choose another one with --renderer, or see `python main.py doctor`.</source>
        <translation>Der Renderer cpu läuft hier nicht ({reason}); mit --renderer einen anderen wählen, oder `python main.py doctor` fragen.</translation>
    </message>
    <message>
        <source>The demo clip {path} is missing; install Bothhands anew.</source>
        <translation>Der Demo-Clip {path} fehlt; Bothhands neu installieren.</translation>
    </message>
    <message>
        <source>The detector mediapipe</source>
        <translation>Der Detektor mediapipe</translation>
    </message>
    <message>
        <source>The disk of {path} is nearly full ({room} MB left), so recording stopped; what was recorded is complete. Free some space or choose another folder.</source>
        <translation>Die Festplatte von {path} ist fast voll (noch {room} MB), darum wurde die Aufnahme beendet; das Aufgenommene ist vollständig. Platz schaffen oder einen anderen Ordner wählen.</translation>
    </message>
    <message>
        <source>The driver of {camera} has not taken all that was remembered for it. {what}</source>
        <translation>Der Treiber von {camera} hat nicht alles übernommen, was für sie gemerkt war. {what}</translation>
    </message>
    <message>
        <source>The file holds MANO's mesh, so MANO's licence applies to it.</source>
        <translation>Die Datei enthält das Netz von MANO, darum gilt für sie dessen Lizenz.</translation>
    </message>
    <message>
        <source>The file {out} must end in {suffix} for the format {name}.</source>
        <translation>Die Datei {out} muss für das Format {name} auf {suffix} enden.</translation>
    </message>
    <message>
        <source>The folder of the recording, {folder}, was deleted or moved while it was written, so recording stopped.</source>
        <translation>Der Ordner der Aufnahme, {folder}, wurde während des Schreibens gelöscht oder verschoben, darum wurde sie beendet.</translation>
    </message>
    <message>
        <source>The folder of this session, {folder}, was deleted or moved while it was replayed.</source>
        <translation>Der Ordner dieser Sitzung, {folder}, wurde während des Abspielens gelöscht oder verschoben.</translation>
    </message>
    <message>
        <source>The folder of this session, {path}, was deleted or moved: no run can be kept in it.</source>
        <translation>Der Ordner dieser Sitzung, {path}, wurde gelöscht oder verschoben: Darin lässt sich kein Durchlauf speichern.</translation>
    </message>
    <message>
        <source>The folder {folder} cannot be read: {reason}.</source>
        <translation>Der Ordner {folder} ist nicht lesbar: {reason}.</translation>
    </message>
    <message>
        <source>The folder {folder} is no session: it lacks {name}.</source>
        <translation>Der Ordner {folder} ist keine Sitzung: Ihm fehlt {name}.</translation>
    </message>
    <message>
        <source>The folder {name} has no images ({kinds}); {hint}.</source>
        <translation>Im Ordner {name} sind keine Bilder ({kinds}); {hint}.</translation>
    </message>
    <message>
        <source>The format rrd</source>
        <translation>Das Format rrd</translation>
    </message>
    <message>
        <source>The hand model {path} cannot be read: {reason}.</source>
        <translation>Das Handmodell {path} lässt sich nicht lesen: {reason}.</translation>
    </message>
    <message>
        <source>The hand network {path} is missing; install Bothhands anew.</source>
        <translation>Das Netz für Hände {path} fehlt; Bothhands neu installieren hilft.</translation>
    </message>
    <message>
        <source>The hand shape of {name} was measured with the {hand_model} hand model and means nothing in the {other} one; measure it again with that.</source>
        <translation>Die Handform von {name} wurde mit dem Handmodell {hand_model} gemessen und bedeutet in {other} nichts; mit diesem neu messen.</translation>
    </message>
    <message>
        <source>The hands of 1 frame before that could not be read.</source>
        <translation>Die Hände von 1 Bild davor waren nicht lesbar.</translation>
    </message>
    <message>
        <source>The hands of the session {path} do not follow one another in time; no export can be made of them.</source>
        <translation>Die Hände der Sitzung {path} folgen zeitlich nicht aufeinander; sie lassen sich nicht exportieren.</translation>
    </message>
    <message>
        <source>The hands of {count} frames before that could not be read.</source>
        <translation>Die Hände von {count} Bildern davor waren nicht lesbar.</translation>
    </message>
    <message>
        <source>The image</source>
        <translation>Das Bild</translation>
    </message>
    <message>
        <source>The journal {path} cannot be read: {reason}.</source>
        <translation>Das Journal {path} ist nicht lesbar: {reason}.</translation>
    </message>
    <message>
        <source>The journal {path} has version {version} and this program reads up to {known}: update it.</source>
        <translation>Das Journal {path} hat Version {version}, und dieses Programm liest bis {known}: Es muss aktualisiert werden.</translation>
    </message>
    <message>
        <source>The journal {path} lacks the columns of a session; was it made by another program?</source>
        <translation>Dem Journal {path} fehlen die Spalten einer Sitzung; stammt es von einem anderen Programm?</translation>
    </message>
    <message>
        <source>The landmark points {path} belong to another hand model than Bothhands' own; build them anew with `python -m tools.build_landmark_points`.</source>
        <translation>Die Handpunkte {path} gehören zu einem anderen Handmodell als dem von Bothhands; `python -m tools.build_landmark_points` berechnet sie neu.</translation>
    </message>
    <message>
        <source>The landmark points {path} cannot be read ({reason}); install Bothhands anew or build them with `python -m tools.build_landmark_points`.</source>
        <translation>Die Handpunkte {path} lassen sich nicht lesen ({reason}); Bothhands neu installieren, oder sie mit `python -m tools.build_landmark_points` neu berechnen.</translation>
    </message>
    <message>
        <source>The loading of models</source>
        <translation>Das Laden von Modellen</translation>
    </message>
    <message>
        <source>The model {name}</source>
        <translation>Das Modell {name}</translation>
    </message>
    <message>
        <source>The model {name} has no weights, so that its hands would mean nothing: import or install them (`weights --help` shows how), or choose another model{former}.</source>
        <translation>Das Modell {name} hat keine Gewichte, seine Hände würden nichts bedeuten: sie importieren oder installieren (`weights --help` zeigt wie), oder ein anderes Modell wählen{former}.</translation>
    </message>
    <message>
        <source>The network {name} of MediaPipe 0.10.21</source>
        <translation>Das Netz {name} von MediaPipe 0.10.21</translation>
    </message>
    <message>
        <source>The network {source} cannot be read ({reason}); the file is missing or damaged, reinstall the package it came with.</source>
        <translation>Das Netz {source} lässt sich nicht lesen ({reason}); die Datei fehlt oder ist beschädigt: das Paket, mit dem sie kam, neu installieren.</translation>
    </message>
    <message>
        <source>The notes {path} of the weights are damaged: {where}: {fault}; get them anew.</source>
        <translation>Die Angaben {path} zu den Gewichten sind beschädigt: {where}: {fault}; bitte neu besorgen.</translation>
    </message>
    <message>
        <source>The notes {path} of the weights are too large to be notes; take the file away.</source>
        <translation>Die Angaben {path} zu den Gewichten sind zu groß; bitte die Datei entfernen.</translation>
    </message>
    <message>
        <source>The notes {path} of the weights cannot be read: {reason}.</source>
        <translation>Die Angaben {path} zu den Gewichten lassen sich nicht lesen: {reason}.</translation>
    </message>
    <message>
        <source>The paper's accuracy on hands that interact, with its published weights and a GPU; slow on a processor.</source>
        <translation>Die Genauigkeit der Veröffentlichung bei Händen, die sich berühren, mit deren Gewichten und einer GPU; langsam auf einem Prozessor.</translation>
    </message>
    <message>
        <source>The paper's light network: most of that accuracy at a sixth of the size, with weights of its own.</source>
        <translation>Das leichte Netz der Veröffentlichung: das meiste dieser Genauigkeit bei einem Sechstel der Größe, mit eigenen Gewichten.</translation>
    </message>
    <message>
        <source>The recording stopped; {path} keeps {frames}. The reason: {reason}</source>
        <translation>Die Aufnahme endete; {path} enthält {frames}. Der Grund: {reason}</translation>
    </message>
    <message>
        <source>The renderer pyrender</source>
        <translation>Der Renderer pyrender</translation>
    </message>
    <message>
        <source>The renderer {name}</source>
        <translation>Der Renderer {name}</translation>
    </message>
    <message>
        <source>The run of {model} cannot be written in {parent}: {reason}; free some space or make the folder writable.</source>
        <translation>Der Durchlauf von {model} kann nicht in {parent} geschrieben werden: {reason}; Platz schaffen oder den Ordner schreibbar machen.</translation>
    </message>
    <message>
        <source>The run of {model} was cancelled; nothing was stored.</source>
        <translation>Der Durchlauf von {model} wurde abgebrochen; nichts wurde gespeichert.</translation>
    </message>
    <message>
        <source>The run {path} belongs to the hand model {other!r} and the session to {hand_model!r}; run the model again.</source>
        <translation>Der Durchlauf {path} gehört zum Handmodell {other!r} und die Sitzung zu {hand_model!r}; das Modell neu anwenden.</translation>
    </message>
    <message>
        <source>The run {path} does not say how it was made; run the model again.</source>
        <translation>Der Durchlauf {path} sagt nicht, wie er entstand; das Modell neu anwenden.</translation>
    </message>
    <message>
        <source>The run {path} is damaged; remove it and run the model again.</source>
        <translation>Der Durchlauf {path} ist beschädigt; ihn entfernen und das Modell neu anwenden.</translation>
    </message>
    <message>
        <source>The same numbers twice, as they were recorded: a table, and arrays for NumPy.</source>
        <translation>Dieselben Zahlen zweimal, wie sie aufgenommen wurden: als Tabelle und als Arrays für NumPy.</translation>
    </message>
    <message>
        <source>The session ends before its source did: {why}.</source>
        <translation>Die Sitzung endet vor ihrer Quelle: {why}.</translation>
    </message>
    <message>
        <source>The session has {count} cameras or frame sizes; the file has the first one.</source>
        <translation>Die Sitzung hat {count} Kameras oder Bildgrößen; die Datei hat die erste.</translation>
    </message>
    <message>
        <source>The session was not finished properly: its last second may be missing.</source>
        <translation>Die Sitzung wurde nicht ordentlich abgeschlossen: Ihre letzte Sekunde fehlt vielleicht.</translation>
    </message>
    <message>
        <source>The session {folder} has version {version:.6g} and this program reads up to {known}: update it.</source>
        <translation>Die Sitzung {folder} hat Version {version:.6g}, und dieses Programm liest bis {known}: Es muss aktualisiert werden.</translation>
    </message>
    <message>
        <source>The session {path}</source>
        <translation>Die Sitzung {path}</translation>
    </message>
    <message>
        <source>The session {path} belongs to the hand model {name!r}, which this program does not have; update it, or export the session as npz or csv, which need none.</source>
        <translation>Die Sitzung {path} gehört zum Handmodell {name!r}, das dieses Programm nicht hat; es aktualisieren, oder die Sitzung als npz oder csv exportieren, die keines brauchen.</translation>
    </message>
    <message>
        <source>The session {path} cannot be recovered now: {reason}. Nothing of it was lost; free some space or make the folder writable, and try again.</source>
        <translation>Die Sitzung {path} kann jetzt nicht wiederhergestellt werden: {reason}. Nichts von ihr ging verloren; Platz schaffen oder den Ordner schreibbar machen und es noch einmal versuchen.</translation>
    </message>
    <message>
        <source>The session {path} cannot be written: {reason}.</source>
        <translation>Die Sitzung {path} kann nicht geschrieben werden: {reason}.</translation>
    </message>
    <message>
        <source>The session {path} has neither frames nor hands; there is nothing to replay.</source>
        <translation>Die Sitzung {path} hat weder Bilder noch Hände; es gibt nichts abzuspielen.</translation>
    </message>
    <message>
        <source>The session {path} has no video, so no model can be run on it; record one in the window, or with `process --keep-frames`.</source>
        <translation>Die Sitzung {path} hat kein Video, darum lässt sich kein Modell auf sie anwenden; im Fenster eines aufnehmen, oder mit `process --keep-frames`.</translation>
    </message>
    <message>
        <source>The session {path} is complete; there was nothing to recover.</source>
        <translation>Die Sitzung {path} ist vollständig; es gab nichts wiederherzustellen.</translation>
    </message>
    <message>
        <source>The session {path} is damaged: {journal} names a camera that {info} lacks.</source>
        <translation>Die Sitzung {path} ist beschädigt: {journal} nennt eine Kamera, die in {info} fehlt.</translation>
    </message>
    <message>
        <source>The session {path} is still being recorded by process {writer}; stop that recording first.</source>
        <translation>Die Sitzung {path} wird noch von Prozess {writer} aufgenommen; zuerst diese Aufnahme beenden.</translation>
    </message>
    <message>
        <source>The session {path} is {damage}; the file has what could be read.</source>
        <translation>Die Sitzung {path} ist {damage}; die Datei enthält, was lesbar war.</translation>
    </message>
    <message>
        <source>The session {path} lacks its journal of hands, {journal}.</source>
        <translation>Der Sitzung {path} fehlt ihr Journal der Hände, {journal}.</translation>
    </message>
    <message>
        <source>The session {path} was kept without its video, which mp4 needs; the other formats do without. `process --keep-frames` keeps it.</source>
        <translation>Die Sitzung {path} wurde ohne ihr Video gespeichert, das mp4 braucht; die anderen Formate kommen ohne aus. `process --keep-frames` behält es.</translation>
    </message>
    <message>
        <source>The session {path} was made with official MANO files; name their folder with --mano DIR.</source>
        <translation>Die Sitzung {path} entstand mit offiziellen MANO-Dateien; deren Ordner mit --mano DIR nennen.</translation>
    </message>
    <message>
        <source>The session {session} has no run named {run!r}; {there}.</source>
        <translation>Die Sitzung {session} hat keinen Durchlauf namens {run!r}; {there}.</translation>
    </message>
    <message>
        <source>The setting {name} cannot be {value!r}: {fault}.</source>
        <translation>Die Einstellung {name} kann nicht {value!r} sein: {fault}.</translation>
    </message>
    <message>
        <source>The settings file was damaged: {aside}, and the defaults are used.</source>
        <translation>Die Einstellungsdatei war beschädigt: {aside}, und es gelten die Voreinstellungen.</translation>
    </message>
    <message>
        <source>The settings of {device} cannot be read ({reason}); is the camera plugged in?</source>
        <translation>Die Einstellungen von {device} können nicht gelesen werden ({reason}); ist die Kamera angeschlossen?</translation>
    </message>
    <message>
        <source>The snapshot cannot be written in {folder} ({reason}); free some space or make that folder writable.</source>
        <translation>Das Foto kann nicht in {folder} geschrieben werden ({reason}); Platz schaffen oder den Ordner schreibbar machen.</translation>
    </message>
    <message>
        <source>The source is empty: name a camera (0), a video, a folder of images or a URL.</source>
        <translation>Die Quelle ist leer: eine Kamera (0), ein Video, einen Bilderordner oder eine Adresse nennen.</translation>
    </message>
    <message>
        <source>The video {path} cannot be read from frame {number} on; it is damaged there.</source>
        <translation>Das Video {path} ist ab Bild {number} nicht lesbar; es ist dort beschädigt.</translation>
    </message>
    <message>
        <source>The video {path} cannot be read: {reason}.</source>
        <translation>Das Video {path} ist nicht lesbar: {reason}.</translation>
    </message>
    <message>
        <source>The video {path} cannot be written: {reason}.</source>
        <translation>Das Video {path} kann nicht geschrieben werden: {reason}.</translation>
    </message>
    <message>
        <source>The video {path} does not say when it was taken; it is none that Bothhands recorded.</source>
        <translation>Das Video {path} sagt nicht, wann es aufgenommen wurde; es ist keines, das Bothhands aufgenommen hat.</translation>
    </message>
    <message>
        <source>The video {path} has times that no clock counts; it is damaged.</source>
        <translation>Das Video {path} hat Zeiten, die keine Uhr zählt; es ist beschädigt.</translation>
    </message>
    <message>
        <source>The video {path} must end in one of: {choices}.</source>
        <translation>Das Video {path} muss auf eines von diesen enden: {choices}.</translation>
    </message>
    <message>
        <source>The video {video} does not say when it was taken, so hands cannot be laid over it.</source>
        <translation>Das Video {video} sagt nicht, wann es aufgenommen wurde, darum lassen sich keine Hände darüberlegen.</translation>
    </message>
    <message>
        <source>The views do not fit one camera: lay the board on something flat, hold it still in good light, leave zoom and focus alone, and measure again.</source>
        <translation>Die Ansichten passen nicht zu einer Kamera: das Brett auf etwas Ebenes legen, bei gutem Licht stillhalten, Zoom und Fokus unverändert lassen und noch einmal messen.</translation>
    </message>
    <message>
        <source>The views do not tell the focal length: they are too much alike; tilt the board more, in all directions, and measure again.</source>
        <translation>Die Ansichten verraten die Brennweite nicht, sie ähneln sich zu sehr: das Brett stärker in alle Richtungen neigen und noch einmal messen.</translation>
    </message>
    <message>
        <source>The views of the board are of several image sizes; measure again with one.</source>
        <translation>Die Ansichten des Bretts haben verschiedene Bildgrößen; noch einmal mit einer messen.</translation>
    </message>
    <message>
        <source>The weights cannot be put at {place} ({reason}).</source>
        <translation>Die Gewichte lassen sich nicht nach {place} legen ({reason}).</translation>
    </message>
    <message>
        <source>The weights cannot be put at {place} ({reason}); copy them there yourself.</source>
        <translation>Die Gewichte lassen sich nicht nach {place} legen ({reason}); bitte selbst dorthin kopieren.</translation>
    </message>
    <message>
        <source>The weights cannot be written to {path} ({reason}); choose another place.</source>
        <translation>Die Gewichte lassen sich nicht nach {path} schreiben ({reason}); bitte einen anderen Ort wählen.</translation>
    </message>
    <message>
        <source>The weights {path} are damaged: {name} holds numbers that are not finite; {advice}.</source>
        <translation>Die Gewichte {path} sind beschädigt: {name} enthält Zahlen, die nicht endlich sind; {advice}.</translation>
    </message>
    <message>
        <source>The weights {path} are not of an EANet; turn a published checkpoint into such a file with `{command} weights import --model eanet`.</source>
        <translation>Die Gewichte {path} sind nicht von einem EANet; `{command} weights import --model eanet` macht aus einem veröffentlichten Checkpoint eine solche Datei.</translation>
    </message>
    <message>
        <source>The weights {path} are not those of the model's card (sha256 differs); {advice}.</source>
        <translation>Die Gewichte {path} sind nicht die, die das Modell nennt (sha256 weicht ab); {advice}.</translation>
    </message>
    <message>
        <source>The weights {path} are of an EANet that cannot be ({reason}); import them again.</source>
        <translation>Die Gewichte {path} sind von einem EANet, das es nicht geben kann ({reason}); bitte neu importieren.</translation>
    </message>
    <message>
        <source>The weights {path} are of an EANet with {part!r}, which this program does not know: update it.</source>
        <translation>Die Gewichte {path} sind von einem EANet mit {part!r}, was dieses Programm nicht kennt: bitte aktualisieren.</translation>
    </message>
    <message>
        <source>The weights {path} are of another network: {fault}; {advice}.</source>
        <translation>Die Gewichte {path} sind von einem anderen Netz: {fault}; {advice}.</translation>
    </message>
    <message>
        <source>The weights {path} are of another network: {name} is {shape}, not {wanted}; {advice}.</source>
        <translation>Die Gewichte {path} sind von einem anderen Netz: {name} ist {shape}, nicht {wanted}; {advice}.</translation>
    </message>
    <message>
        <source>The weights {path} cannot be read ({reason}); import them again.</source>
        <translation>Die Gewichte {path} lassen sich nicht lesen ({reason}); bitte neu importieren.</translation>
    </message>
    <message>
        <source>The weights {path} cannot be read ({reason}); {advice}.</source>
        <translation>Die Gewichte {path} lassen sich nicht lesen ({reason}); {advice}.</translation>
    </message>
    <message>
        <source>The weights {path} have version {told:.6g} and this program reads up to {version}: update it.</source>
        <translation>Die Gewichte {path} haben Version {told:.6g}, und dieses Programm liest bis {version}: bitte aktualisieren.</translation>
    </message>
    <message>
        <source>The weights {weights} give official MANO's meshes: name its folder with --mano.</source>
        <translation>Die Gewichte {weights} ergeben Netze des offiziellen MANO: bitte dessen Ordner mit --mano nennen.</translation>
    </message>
    <message>
        <source>There are no published weights to import for {model}; choose one of: {choices}.</source>
        <translation>Für {model} gibt es keine veröffentlichten Gewichte zu importieren; möglich ist: {choices}.</translation>
    </message>
    <message>
        <source>There are no weights at {path}; import or train some first.</source>
        <translation>Unter {path} liegen keine Gewichte; bitte erst welche importieren oder trainieren.</translation>
    </message>
    <message>
        <source>There are no weights at {path}; {advice}.</source>
        <translation>Unter {path} liegen keine Gewichte; {advice}.</translation>
    </message>
    <message>
        <source>There is a camera called {name} already; choose another name.</source>
        <translation>Es gibt schon eine Kamera namens {name}; ein anderer Name hilft.</translation>
    </message>
    <message>
        <source>There is neither a home folder nor a temporary folder that can be written ({reason}); set HOME to one that can.</source>
        <translation>Weder der persönliche noch ein temporärer Ordner ist schreibbar ({reason}); HOME auf einen setzen, der es ist.</translation>
    </message>
    <message>
        <source>There is no camera called {given!r:.60}, and no such file; {helps}.</source>
        <translation>Es gibt keine Kamera namens {given!r:.60} und keine solche Datei; {helps}.</translation>
    </message>
    <message>
        <source>There is no checkpoint {path}; name the file that you downloaded.</source>
        <translation>Es gibt keinen Checkpoint {path}; bitte die heruntergeladene Datei nennen.</translation>
    </message>
    <message>
        <source>There is no device {name!r}; use auto, cpu, cuda or cuda:N.</source>
        <translation>Es gibt kein Gerät {name!r}; möglich sind auto, cpu, cuda und cuda:N.</translation>
    </message>
    <message>
        <source>There is no file or folder {name}; check the name.</source>
        <translation>Es gibt weder Datei noch Ordner namens {name}; stimmt der Name?</translation>
    </message>
    <message>
        <source>There is no folder to convert the network in ({reason}).</source>
        <translation>Es gibt keinen Ordner, in dem sich das Netz umwandeln ließe ({reason}).</translation>
    </message>
    <message>
        <source>There is no folder {parent}; make it, or choose another place for {name}.</source>
        <translation>Es gibt keinen Ordner {parent}; ihn anlegen, oder einen anderen Ort für {name} wählen.</translation>
    </message>
    <message>
        <source>There is no frame in the video {path}.</source>
        <translation>Im Video {path} ist kein Bild.</translation>
    </message>
    <message>
        <source>There is no hand detector named {name!r}; choose one of: {names}.</source>
        <translation>Es gibt keinen Detektor namens {name!r}; möglich ist: {names}.</translation>
    </message>
    <message>
        <source>There is no hand model {path}; {source}.</source>
        <translation>Es gibt kein Handmodell {path}; {source}.</translation>
    </message>
    <message>
        <source>There is no home folder that can be written, so settings, caches and recordings are kept in {folder}; set HOME to a folder to keep them there.</source>
        <translation>Es gibt keinen schreibbaren persönlichen Ordner, darum liegen Einstellungen, Zwischenspeicher und Aufnahmen in {folder}; HOME auf einen Ordner setzen, in dem sie liegen sollen.</translation>
    </message>
    <message>
        <source>There is no host {host} to send to ({reason}).</source>
        <translation>Es gibt keinen Rechner {host}, an den gesendet werden kann ({reason}).</translation>
    </message>
    <message>
        <source>There is no model named {name!r}; choose one of: {choices}.</source>
        <translation>Es gibt kein Modell namens {name!r}; zur Wahl stehen: {choices}.</translation>
    </message>
    <message>
        <source>There is no renderer named {name!r}; choose one of: {names}.</source>
        <translation>Es gibt keinen Renderer namens {name!r}; möglich ist: {names}.</translation>
    </message>
    <message>
        <source>There is no session folder {path}; check the name.</source>
        <translation>Es gibt keinen Sitzungsordner {path}; den Namen prüfen.</translation>
    </message>
    <message>
        <source>There is no setting named {choices}.</source>
        <translation>Es gibt keine Einstellung namens {choices}.</translation>
    </message>
    <message>
        <source>There is no virtual camera to show the image on: on Linux load one with `sudo modprobe v4l2loopback`, on Windows and macOS install OBS Studio ({reason})</source>
        <translation>Es gibt keine virtuelle Kamera für das Bild: Unter Linux lädt `sudo modprobe v4l2loopback` eine, unter Windows und macOS bringt OBS Studio eine mit ({reason})</translation>
    </message>
    <message>
        <source>There is no {name}: plug it in, choose another one ({others}) or name a video file.</source>
        <translation>{name} ist nicht da: anschließen, eine andere wählen ({others}) oder eine Videodatei nehmen.</translation>
    </message>
    <message>
        <source>There is nothing to record yet: choose a source first.</source>
        <translation>Es gibt noch nichts aufzunehmen: Erst muss eine Quelle gewählt sein.</translation>
    </message>
    <message>
        <source>There is nothing to record yet: no model is loaded.</source>
        <translation>Es gibt noch nichts aufzunehmen: Kein Modell ist geladen.</translation>
    </message>
    <message>
        <source>There is somebody called {name} already; choose another name.</source>
        <translation>Es gibt schon jemanden namens {name}; ein anderer Name hilft.</translation>
    </message>
    <message>
        <source>This name cannot be kept; a name has 1 to {most} characters that can be read.</source>
        <translation>Dieser Name geht nicht; ein Name hat 1 bis {most} lesbare Zeichen.</translation>
    </message>
    <message>
        <source>This session has no video: its hands are shown alone.</source>
        <translation>Diese Sitzung hat kein Video: Ihre Hände werden allein gezeigt.</translation>
    </message>
    <message>
        <source>This session is {damage}; frames in between are without hands.</source>
        <translation>Diese Sitzung ist {damage}; Bilder dazwischen sind ohne Hände.</translation>
    </message>
    <message>
        <source>This session was never completed; `sessions recover` does it.</source>
        <translation>Diese Sitzung wurde nie abgeschlossen; `sessions recover` holt das nach.</translation>
    </message>
    <message>
        <source>Tracking</source>
        <translation>Das Verfolgen</translation>
    </message>
    <message>
        <source>Two hands that meet, touch or cross: it keeps both where landmarks alone lose one. The best all-round choice.</source>
        <translation>Zwei Hände, die sich nähern, berühren oder kreuzen: Es behält beide, wo Landmarken allein eine verlieren. Insgesamt die beste Wahl.</translation>
    </message>
    <message>
        <source>Unreal Engine 5 imports glTF itself: drag the file into the Content Browser.</source>
        <translation>Unreal Engine 5 importiert glTF selbst: die Datei in den Content Browser ziehen.</translation>
    </message>
    <message>
        <source>Value error, {fault}</source>
        <translation>Fehler im Wert: {fault}</translation>
    </message>
    <message>
        <source>Vertices of the {side} hand have more than four influences; programs that read only four want --rig-only.</source>
        <translation>Punkte des Netzes ({side}) haben mehr als vier Einflüsse; Programme, die nur vier lesen, brauchen --rig-only.</translation>
    </message>
    <message>
        <source>Video with the hands drawn over it</source>
        <translation>Video mit eingezeichneten Händen</translation>
    </message>
    <message>
        <source>View &gt; Turn a mirrored source back</source>
        <translation>Ansicht &gt; Gespiegelte Quelle umkehren</translation>
    </message>
    <message>
        <source>Watching for cameras</source>
        <translation>Das Warten auf Kameras</translation>
    </message>
    <message>
        <source>What was damaged is kept as {names}.</source>
        <translation>Das Beschädigte bleibt als {names} erhalten.</translation>
    </message>
    <message>
        <source>What you asked for</source>
        <translation>Das Verlangte</translation>
    </message>
    <message>
        <source>Writing the video {path} failed: {reason}; free some space or choose another folder.</source>
        <translation>Das Schreiben des Videos {path} ist fehlgeschlagen: {reason}; Platz schaffen oder einen anderen Ordner wählen.</translation>
    </message>
    <message>
        <source>Wrote {path} ({size}).</source>
        <translation>{path} wurde geschrieben ({size}).</translation>
    </message>
    <message>
        <source>after 1 frame</source>
        <translation>nach 1 Bild</translation>
    </message>
    <message>
        <source>after {count} frames</source>
        <translation>nach {count} Bildern</translation>
    </message>
    <message>
        <source>an entry of {name} cannot be used and is left out</source>
        <translation>ein Eintrag von {name} ist nicht verwendbar und wird weggelassen</translation>
    </message>
    <message>
        <source>an unknown codec</source>
        <translation>unbekanntem Codec</translation>
    </message>
    <message>
        <source>both right</source>
        <translation>beide richtig</translation>
    </message>
    <message>
        <source>brightness {percent:.0f} %</source>
        <translation>Helligkeit {percent:.0f} %</translation>
    </message>
    <message>
        <source>camera {camera}</source>
        <translation>Kamera {camera}</translation>
    </message>
    <message>
        <source>camera {camera} ({name})</source>
        <translation>Kamera {camera} ({name})</translation>
    </message>
    <message>
        <source>cameras found: {cameras}</source>
        <translation>gefundene Kameras: {cameras}</translation>
    </message>
    <message>
        <source>contrast {percent:.0f} %</source>
        <translation>Kontrast {percent:.0f} %</translation>
    </message>
    <message>
        <source>damaged: {readable_frames} of {frames} readable</source>
        <translation>beschädigt: {frames}, davon {readable_frames} lesbar</translation>
    </message>
    <message>
        <source>download MANO_LEFT.pkl and MANO_RIGHT.pkl anew from https://mano.is.tue.mpg.de</source>
        <translation>MANO_LEFT.pkl und MANO_RIGHT.pkl bitte neu von https://mano.is.tue.mpg.de herunterladen</translation>
    </message>
    <message>
        <source>download or train it again</source>
        <translation>bitte neu herunterladen oder trainieren</translation>
    </message>
    <message>
        <source>download this bundle again</source>
        <translation>dieses Paket neu herunterladen</translation>
    </message>
    <message>
        <source>error</source>
        <translation>Fehler</translation>
    </message>
    <message>
        <source>events.captured_ns: no clock has this time</source>
        <translation>events.captured_ns: diese Zeit hat keine Uhr</translation>
    </message>
    <message>
        <source>exit code {code}</source>
        <translation>Rückgabewert {code}</translation>
    </message>
    <message>
        <source>extra a frame</source>
        <translation>zu viel je Bild</translation>
    </message>
    <message>
        <source>glTF's cameras look through the middle of the image; this one's principal point is {aside:.0f} px beside it, so shift the image by that to lay the hands over it.</source>
        <translation>Kameras in glTF blicken durch die Bildmitte; der Hauptpunkt von dieser liegt {aside:.0f} px daneben, das Bild also um so viel verschieben, um die Hände darüberzulegen.</translation>
    </message>
    <message>
        <source>glTF: skinned, animated hands</source>
        <translation>glTF: animierte Hände mit Skinning</translation>
    </message>
    <message>
        <source>hand {first:.0f} % of the image's height</source>
        <translation>Hand {first:.0f} % der Bildhöhe</translation>
    </message>
    <message>
        <source>hands right</source>
        <translation>Hände richtig</translation>
    </message>
    <message>
        <source>hands {first:.0f} % and {last:.0f} % of the image's height</source>
        <translation>Hände {first:.0f} % und {last:.0f} % der Bildhöhe</translation>
    </message>
    <message>
        <source>hands {percent:.0f} %</source>
        <translation>Hände {percent:.0f} %</translation>
    </message>
    <message>
        <source>install Bothhands anew</source>
        <translation>Bothhands neu installieren</translation>
    </message>
    <message>
        <source>it could not be kept aside ({reason})</source>
        <translation>sie konnte nicht aufgehoben werden ({reason})</translation>
    </message>
    <message>
        <source>it has {names}, which an EANet like the rest of it does not have</source>
        <translation>er hat {names}, was ein EANet wie der Rest nicht hat</translation>
    </message>
    <message>
        <source>it is converted for this machine, which happens once</source>
        <translation>wird einmalig für diesen Rechner umgewandelt</translation>
    </message>
    <message>
        <source>it is kept as {aside}</source>
        <translation>sie ist als {aside} aufgehoben</translation>
    </message>
    <message>
        <source>it is no file</source>
        <translation>es ist keine Datei</translation>
    </message>
    <message>
        <source>it is of another network: it lacks {name}</source>
        <translation>er ist von einem anderen Netz: Es fehlt {name}</translation>
    </message>
    <message>
        <source>it is read and compiled</source>
        <translation>wird gelesen und kompiliert</translation>
    </message>
    <message>
        <source>it lacks {names}</source>
        <translation>es fehlt {names}</translation>
    </message>
    <message>
        <source>its depths and widths make no EANet: {reason}</source>
        <translation>seine Tiefen und Breiten ergeben kein EANet: {reason}</translation>
    </message>
    <message>
        <source>known are {known}</source>
        <translation>bekannt sind {known}</translation>
    </message>
    <message>
        <source>left</source>
        <translation>links</translation>
    </message>
    <message>
        <source>lwa-hand gave numbers that are not finite: its weights are damaged, download or train them again.</source>
        <translation>lwa-hand gab Zahlen, die nicht endlich sind: Seine Gewichte sind beschädigt; bitte neu herunterladen oder trainieren.</translation>
    </message>
    <message>
        <source>name a folder that has</source>
        <translation>einen Ordner nennen, der welche hat</translation>
    </message>
    <message>
        <source>name one of its videos ({name})</source>
        <translation>eines seiner Videos nennen ({name})</translation>
    </message>
    <message>
        <source>no CUDA device</source>
        <translation>kein CUDA-Gerät</translation>
    </message>
    <message>
        <source>no camera was found</source>
        <translation>es wurde keine Kamera gefunden</translation>
    </message>
    <message>
        <source>no frames</source>
        <translation>keine Bilder</translation>
    </message>
    <message>
        <source>no network of its own to train</source>
        <translation>kein eigenes Netz zu trainieren</translation>
    </message>
    <message>
        <source>not measured on real video</source>
        <translation>nicht an echtem Video gemessen</translation>
    </message>
    <message>
        <source>off</source>
        <translation>aus</translation>
    </message>
    <message>
        <source>on</source>
        <translation>ein</translation>
    </message>
    <message>
        <source>recovered: no time was lost that can be</source>
        <translation>recovered: So viel Zeit kann nicht verloren sein</translation>
    </message>
    <message>
        <source>right</source>
        <translation>rechts</translation>
    </message>
    <message>
        <source>run a model over it first, in a replay</source>
        <translation>zuerst beim Abspielen ein Modell darauf anwenden</translation>
    </message>
    <message>
        <source>schema_version: there never was such a version</source>
        <translation>schema_version: eine solche Version gab es nie</translation>
    </message>
    <message>
        <source>the Camera menu of the window makes one</source>
        <translation>das Kameramenü des Fensters legt eine an</translation>
    </message>
    <message>
        <source>the codec {names}</source>
        <translation>dem Codec {names}</translation>
    </message>
    <message>
        <source>the driver's choice</source>
        <translation>was der Treiber wählt</translation>
    </message>
    <message>
        <source>the run {run} of the session {path}</source>
        <translation>Durchlauf {run} der Sitzung {path}</translation>
    </message>
    <message>
        <source>the session {path}</source>
        <translation>Sitzung {path}</translation>
    </message>
    <message>
        <source>the whole</source>
        <translation>das Ganze</translation>
    </message>
    <message>
        <source>there are: {names}</source>
        <translation>es gibt: {names}</translation>
    </message>
    <message>
        <source>they have an unknown tensor {name}</source>
        <translation>der Tensor {name} ist unbekannt</translation>
    </message>
    <message>
        <source>they lack {name}</source>
        <translation>es fehlt {name}</translation>
    </message>
    <message>
        <source>wrong side</source>
        <translation>falsche Seite</translation>
    </message>
    <message>
        <source>{control}: the driver refuses {wanted} ({reason}) and stays at {value}.</source>
        <translation>{control}: Der Treiber lehnt {wanted} ab ({reason}) und bleibt bei {value}.</translation>
    </message>
    <message>
        <source>{control}: {wanted} was asked for, the driver chose {value}.</source>
        <translation>{control}: Verlangt war {wanted}, der Treiber hat {value} gewählt.</translation>
    </message>
    <message>
        <source>{count:.1f} million weights</source>
        <translation>{count:.1f} Millionen Gewichte</translation>
    </message>
    <message>
        <source>{count} clients</source>
        <translation>{count} Clients</translation>
    </message>
    <message>
        <source>{count} damaged frames</source>
        <translation>{count} beschädigte Bilder</translation>
    </message>
    <message>
        <source>{count} entries of {name} cannot be used and are left out</source>
        <translation>{count} Einträge von {name} sind nicht verwendbar und werden weggelassen</translation>
    </message>
    <message>
        <source>{count} frames</source>
        <translation>{count} Bilder</translation>
    </message>
    <message>
        <source>{count} hands</source>
        <translation>{count} Hände</translation>
    </message>
    <message>
        <source>{count} more frames are missing in the video: {reasons}.</source>
        <translation>{count} weitere Bilder fehlen im Video: {reasons}.</translation>
    </message>
    <message>
        <source>{count} not delivered by the source</source>
        <translation>{count} von der Quelle nicht geliefert</translation>
    </message>
    <message>
        <source>{count} not written, as the disk or the encoder was too slow</source>
        <translation>{count} nicht geschrieben, weil Datenträger oder Encoder zu langsam waren</translation>
    </message>
    <message>
        <source>{count} of about {all} frames</source>
        <translation>{count} von etwa {all} Bildern</translation>
    </message>
    <message>
        <source>{count} pauses of more than {longest} s in which the source gave no frame ({seconds:.0f} s in all) are shortened to 1 s each.</source>
        <translation>{count} Pausen von mehr als {longest} s, in denen die Quelle kein Bild lieferte (insgesamt {seconds:.0f} s), werden auf je 1 s gekürzt.</translation>
    </message>
    <message>
        <source>{count} videos were</source>
        <translation>{count} Videos wurden</translation>
    </message>
    <message>
        <source>{count} views of the board are too few for a calibration; show it in {least} or more.</source>
        <translation>{count} Ansichten des Bretts sind zu wenige für eine Kalibrierung; gebraucht werden mindestens {least}.</translation>
    </message>
    <message>
        <source>{deleted} It is shown for as long as its files stay open.</source>
        <translation>{deleted} Gezeigt wird sie, solange ihre Dateien offen sind.</translation>
    </message>
    <message>
        <source>{device} may not be used by this account: add it to the group that owns the device (often video).</source>
        <translation>{device} ist für dieses Benutzerkonto gesperrt: Es muss in die Gruppe, der das Gerät gehört (oft video).</translation>
    </message>
    <message>
        <source>{doing} failed: {kind}: {error}. The log on the terminal says more.</source>
        <translation>{doing} ist fehlgeschlagen: {kind}: {error}. Das Protokoll im Terminal sagt mehr.</translation>
    </message>
    <message>
        <source>{folder} has {frames}.</source>
        <translation>{folder} hat {frames}.</translation>
    </message>
    <message>
        <source>{folder} is being written by another process; choose another folder.</source>
        <translation>{folder} wird gerade von einem anderen Prozess geschrieben; einen anderen Ordner wählen.</translation>
    </message>
    <message>
        <source>{folder} is being written by process {writer}; wait for it, or choose another folder.</source>
        <translation>{folder} wird gerade von Prozess {writer} geschrieben; auf ihn warten, oder einen anderen Ordner wählen.</translation>
    </message>
    <message>
        <source>{frames} and no more</source>
        <translation>{frames} und nicht mehr</translation>
    </message>
    <message>
        <source>{host!r} is a name that no host can have: {reason}.</source>
        <translation>{host!r} ist ein Name, den kein Rechner haben kann: {reason}.</translation>
    </message>
    <message>
        <source>{host!r}... is a name that no host can have: it is too long.</source>
        <translation>{host!r}... ist ein Name, den kein Rechner haben kann: Er ist zu lang.</translation>
    </message>
    <message>
        <source>{journal} and {video} of {path} were not taken at the same time: one of them seems to be of another session.</source>
        <translation>{journal} und {video} von {path} wurden nicht zur selben Zeit aufgenommen: Eine der Dateien scheint aus einer anderen Sitzung zu sein.</translation>
    </message>
    <message>
        <source>{journal} of {path} has {frames} and {info} says {noted}: one of them seems to be of another session.</source>
        <translation>{journal} von {path} hat {frames}, und {info} nennt {noted}: Eine der Dateien scheint aus einer anderen Sitzung zu sein.</translation>
    </message>
    <message>
        <source>{key} is no key; press one key, with Ctrl or Alt held.</source>
        <translation>{key} ist keine Taste; gebraucht wird eine Taste zusammen mit Strg oder Alt.</translation>
    </message>
    <message>
        <source>{key} would act while something is typed; hold Ctrl or Alt with it, or take an F key.</source>
        <translation>{key} würde beim Tippen wirken; mit Strg oder Alt oder als F-Taste geht es.</translation>
    </message>
    <message>
        <source>{lacking}, so this is the demo clip. Connect a camera, press the refresh button and choose it as source.</source>
        <translation>{lacking}, daher läuft der Demo-Clip. Eine Kamera anschließen, auf Aktualisieren drücken und sie als Quelle wählen.</translation>
    </message>
    <message>
        <source>{milliseconds:.0f} ms a frame on this machine, at most {rate:.0f} a second</source>
        <translation>{milliseconds:.0f} ms je Bild auf diesem Rechner, höchstens {rate:.0f} je Sekunde</translation>
    </message>
    <message>
        <source>{milliseconds:.1f} ms</source>
        <translation>{milliseconds:.1f} ms</translation>
    </message>
    <message>
        <source>{model} from frame {frame} on</source>
        <translation>{model} ab Bild {frame}</translation>
    </message>
    <message>
        <source>{model} has its weights now, imported from {name}.</source>
        <translation>{model} hat jetzt seine Gewichte, importiert aus {name}.</translation>
    </message>
    <message>
        <source>{model} has no network to read: leave out --readings network.</source>
        <translation>{model} hat kein Netz zu lesen: bitte --readings network weglassen.</translation>
    </message>
    <message>
        <source>{model} ran over the whole session ({frames}); it is shown beside the recording.</source>
        <translation>{model} lief über die ganze Sitzung ({frames}); es wird neben der Aufnahme gezeigt.</translation>
    </message>
    <message>
        <source>{model} takes longer than {seconds:.0f} s for a frame, so the comparison has ended.</source>
        <translation>{model} braucht für ein Bild länger als {seconds:.0f} s, daher ist der Vergleich beendet.</translation>
    </message>
    <message>
        <source>{name!r} has no weights; choose one of: {takers}.</source>
        <translation>{name!r} hat keine Gewichte; zur Wahl stehen: {takers}.</translation>
    </message>
    <message>
        <source>{names} cannot be used and are as at the first start</source>
        <translation>{names} sind nicht verwendbar und stehen wie beim ersten Start</translation>
    </message>
    <message>
        <source>{name} and {count} more</source>
        <translation>{name} und {count} weitere</translation>
    </message>
    <message>
        <source>{name} cannot be read: {reason}.</source>
        <translation>{name} ist nicht lesbar: {reason}.</translation>
    </message>
    <message>
        <source>{name} cannot be used and is as at the first start</source>
        <translation>{name} ist nicht verwendbar und steht wie beim ersten Start</translation>
    </message>
    <message>
        <source>{name} ended.</source>
        <translation>{name} ist zu Ende.</translation>
    </message>
    <message>
        <source>{name} ends early: {count} of {frame_count} frames. {reason}</source>
        <translation>{name} endet vorzeitig: {count} von {frame_count} Bildern. {reason}</translation>
    </message>
    <message>
        <source>{name} ends early: {where}. {reason}</source>
        <translation>{name} endet vorzeitig: {where}. {reason}</translation>
    </message>
    <message>
        <source>{name} ends early: {where}; was it downloaded or copied whole?</source>
        <translation>{name} endet vorzeitig: {where}; wurde es vollständig geladen oder kopiert?</translation>
    </message>
    <message>
        <source>{name} gives no image when it is asked for {mode}, so it is asked for the usual mode; choose another one below Source.</source>
        <translation>{name} liefert kein Bild, wenn {mode} verlangt wird, daher wird der übliche Modus verlangt; unter Quelle lässt sich ein anderer wählen.</translation>
    </message>
    <message>
        <source>{name} gives no image; close the program that may be using it, or choose another source ({others}).</source>
        <translation>{name} liefert kein Bild; vielleicht verwendet sie ein anderes Programm, sonst hilft eine andere Quelle ({others}).</translation>
    </message>
    <message>
        <source>{name} has ended; choose it again, or another source.</source>
        <translation>{name} ist zu Ende; es lässt sich erneut wählen, oder eine andere Quelle.</translation>
    </message>
    <message>
        <source>{name} has ended; it is no live stream, but begins again each time.</source>
        <translation>{name} ist zu Ende; es ist kein Livestream, sondern beginnt jedes Mal von vorn.</translation>
    </message>
    <message>
        <source>{name} has images of {width}x{height}; up to {side} px a side and {millions} million in all can be read: scale it down.</source>
        <translation>{name} hat {width}x{height} Pixel; lesbar sind bis zu {side} px je Seite und {millions} Millionen insgesamt: verkleinern.</translation>
    </message>
    <message>
        <source>{name} has no frame that can be decoded; the file is damaged or incomplete.</source>
        <translation>{name} enthält kein Bild, das sich dekodieren lässt; die Datei ist beschädigt oder unvollständig.</translation>
    </message>
    <message>
        <source>{name} has no video in it; name a video, an image, a folder of images or a camera.</source>
        <translation>{name} enthält kein Video; gebraucht wird ein Video, ein Bild, ein Bildordner oder eine Kamera.</translation>
    </message>
    <message>
        <source>{name} has sent the very same image for {seconds} seconds: it may hang; unplug it and plug it in again, or choose another source.</source>
        <translation>{name} liefert seit {seconds} Sekunden genau dasselbe Bild, vielleicht hängt sie: abziehen und wieder anschließen oder eine andere Quelle wählen.</translation>
    </message>
    <message>
        <source>{name} has {count} videos in it; number {number} ({size}) is read, and the others are not.</source>
        <translation>{name} enthält {count} Videos; gelesen wird Nummer {number} ({size}), die anderen nicht.</translation>
    </message>
    <message>
        <source>{name} holds {frames} images, of which the first was taken; save the others as files of their own.</source>
        <translation>{name} enthält {frames} Bilder, von denen das erste genommen wurde; die anderen als eigene Dateien speichern.</translation>
    </message>
    <message>
        <source>{name} in it holds no finite numbers of the right kind</source>
        <translation>{name} darin enthält keine endlichen Zahlen der richtigen Art</translation>
    </message>
    <message>
        <source>{name} in it is {shape}; the rest of it needs {wanted}</source>
        <translation>{name} darin ist {shape}; der Rest braucht {wanted}</translation>
    </message>
    <message>
        <source>{name} is a HEIC image, which needs the package pi-heif. What helps: {repair}; or save it as JPEG.</source>
        <translation>{name} ist ein HEIC-Bild, wofür das Paket pi-heif nötig ist. Was hilft: {repair}; oder es als JPEG speichern.</translation>
    </message>
    <message>
        <source>{name} is a playlist and no video; name the videos themselves.</source>
        <translation>{name} ist eine Wiedergabeliste und kein Video; die Videos selbst nennen.</translation>
    </message>
    <message>
        <source>{name} is a video of {called}, which cannot be decoded; convert it to H.264 first.</source>
        <translation>{name} ist ein Video mit {called} und lässt sich nicht dekodieren; es zuerst in H.264 umwandeln.</translation>
    </message>
    <message>
        <source>{name} is a {other} image, which is not read; save it as PNG or JPEG.</source>
        <translation>{name} ist ein {other}-Bild, das nicht gelesen wird; als PNG oder JPEG gespeichert geht es.</translation>
    </message>
    <message>
        <source>{name} is an animation of {frames} images, of which the first was taken; name it alone to read all.</source>
        <translation>{name} ist eine Animation von {frames} Bildern, von denen das erste genommen wurde; sie allein nennen, um alle zu lesen.</translation>
    </message>
    <message>
        <source>{name} is an image of a kind that is not read ({kind}); save it as PNG or JPEG.</source>
        <translation>{name} ist ein Bild von einer Art, die nicht gelesen wird ({kind}); es als PNG oder JPEG speichern.</translation>
    </message>
    <message>
        <source>{name} is back, now with {width}x{height}.</source>
        <translation>{name} ist wieder da, jetzt mit {width}x{height}.</translation>
    </message>
    <message>
        <source>{name} is back.</source>
        <translation>{name} ist wieder da.</translation>
    </message>
    <message>
        <source>{name} is empty (0 bytes); was it copied whole?</source>
        <translation>{name} ist leer (0 Byte); wurde es vollständig kopiert?</translation>
    </message>
    <message>
        <source>{name} is empty; was it copied whole?</source>
        <translation>{name} ist leer; wurde es vollständig kopiert?</translation>
    </message>
    <message>
        <source>{name} is encrypted (codec {choices}) and cannot be decoded; name a copy without protection.</source>
        <translation>{name} ist verschlüsselt (Codec {choices}) und lässt sich nicht dekodieren; eine Kopie ohne Schutz nennen.</translation>
    </message>
    <message>
        <source>{name} is larger than {most} MB; no image is.</source>
        <translation>{name} ist größer als {most} MB; das ist kein Bild.</translation>
    </message>
    <message>
        <source>{name} is no file; name a video, an image, a folder of images or a camera.</source>
        <translation>{name} ist keine Datei; gebraucht wird ein Video, ein Bild, ein Bildordner oder eine Kamera.</translation>
    </message>
    <message>
        <source>{name} is not a video that can be read, or it is damaged.</source>
        <translation>{name} ist kein lesbares Video, oder es ist beschädigt.</translation>
    </message>
    <message>
        <source>{name} is not an image that can be read ({reason}); is the file whole?</source>
        <translation>{name} ist kein lesbares Bild ({reason}); ist die Datei vollständig?</translation>
    </message>
    <message>
        <source>{name} is not an image that can be read.</source>
        <translation>{name} ist kein lesbares Bild.</translation>
    </message>
    <message>
        <source>{name} is taken for a camera; the file or folder of that name is ./{name}.</source>
        <translation>{name} wird für eine Kamera gehalten; die Datei oder der Ordner dieses Namens ist ./{name}.</translation>
    </message>
    <message>
        <source>{name} is the running model; choose another one to compare it with.</source>
        <translation>{name} ist das aktive Modell; zum Vergleichen ein anderes wählen.</translation>
    </message>
    <message>
        <source>{name} is too large an image to be read; scale it down.</source>
        <translation>{name} ist als Bild zu groß; verkleinert geht es.</translation>
    </message>
    <message>
        <source>{name} shows a black image: is its lens covered, its shutter closed or the room dark?</source>
        <translation>{name} zeigt ein schwarzes Bild: Ist die Linse abgedeckt, der Verschluss geschlossen oder der Raum dunkel?</translation>
    </message>
    <message>
        <source>{name} shows a moving image again.</source>
        <translation>{name} zeigt wieder ein bewegtes Bild.</translation>
    </message>
    <message>
        <source>{name} stopped delivering images.</source>
        <translation>{name} liefert keine Bilder mehr.</translation>
    </message>
    <message>
        <source>{name} stopped delivering images; trying to reconnect.</source>
        <translation>{name} liefert keine Bilder mehr; die Verbindung wird neu versucht.</translation>
    </message>
    <message>
        <source>{name} was asked for {asked} and gives {given}.</source>
        <translation>Von {name} wurde verlangt: {asked}. Geliefert wird: {given}.</translation>
    </message>
    <message>
        <source>{name}: no camera has these numbers</source>
        <translation>{name}: Keine Kamera hat diese Zahlen</translation>
    </message>
    <message>
        <source>{name}: no number that can be</source>
        <translation>{name}: Diese Zahl kann nicht sein</translation>
    </message>
    <message>
        <source>{name}: skipped {frames}.</source>
        <translation>{name}: {frames} übersprungen.</translation>
    </message>
    <message>
        <source>{name}: the image's size changes at frame {count}, from {before} to {after}.</source>
        <translation>{name}: Bei Bild {count} ändert sich die Bildgröße, von {before} auf {after}.</translation>
    </message>
    <message>
        <source>{name}: time jumps ahead by {seconds:,.0f} s at frame {count}; the frames keep their times, and playback waits a second.</source>
        <translation>{name}: Bei Bild {count} springt die Zeit um {seconds:,.0f} s voraus; die Bilder behalten ihre Zeiten, und die Wiedergabe wartet eine Sekunde.</translation>
    </message>
    <message>
        <source>{option} makes no difference to the format {name}; leave it out.</source>
        <translation>{option} ändert am Format {name} nichts; weglassen.</translation>
    </message>
    <message>
        <source>{option} makes no difference to the formats {names}; leave it out.</source>
        <translation>{option} ändert an den Formaten {names} nichts; weglassen.</translation>
    </message>
    <message>
        <source>{path} cannot be read: {reason}.</source>
        <translation>{path} ist nicht lesbar: {reason}.</translation>
    </message>
    <message>
        <source>{path} cannot be written ({reason}).</source>
        <translation>{path} lässt sich nicht schreiben ({reason}).</translation>
    </message>
    <message>
        <source>{path} cannot be written whole; free some space or choose another place.</source>
        <translation>{path} kann nicht vollständig geschrieben werden; Platz schaffen oder einen anderen Ort wählen.</translation>
    </message>
    <message>
        <source>{path} cannot be written: Rerun takes no names that are not Unicode; choose another place.</source>
        <translation>{path} kann nicht geschrieben werden: Rerun nimmt nur Namen in Unicode; einen anderen Ort wählen.</translation>
    </message>
    <message>
        <source>{path} cannot be written: {reason}; free some space or choose another place.</source>
        <translation>{path} kann nicht geschrieben werden: {reason}; Platz schaffen oder einen anderen Ort wählen.</translation>
    </message>
    <message>
        <source>{path} exists already; choose another name, or add --overwrite to replace it.</source>
        <translation>{path} gibt es schon; einen anderen Namen wählen, oder mit --overwrite ersetzen.</translation>
    </message>
    <message>
        <source>{path} is a file, and a session is a folder; `process` makes one of a video, with its hands.</source>
        <translation>{path} ist eine Datei, und eine Sitzung ist ein Ordner; `process` macht aus einem Video eine, mit seinen Händen.</translation>
    </message>
    <message>
        <source>{path} is damaged or not a MANO file; {source}.</source>
        <translation>{path} ist beschädigt oder keine MANO-Datei; {source}.</translation>
    </message>
    <message>
        <source>{path} is damaged: it is not JSON.</source>
        <translation>{path} ist beschädigt: Es ist kein JSON.</translation>
    </message>
    <message>
        <source>{path} is damaged: landmark points are 21 places in space; install Bothhands anew.</source>
        <translation>{path} ist beschädigt: Handpunkte sind 21 Orte im Raum; Bothhands neu installieren hilft.</translation>
    </message>
    <message>
        <source>{path} is damaged: {fault}.</source>
        <translation>{path} ist beschädigt: {fault}.</translation>
    </message>
    <message>
        <source>{path} is damaged: {key!r} holds values that are not numbers; {source}.</source>
        <translation>{path} ist beschädigt: {key!r} enthält Werte, die keine Zahlen sind; {source}.</translation>
    </message>
    <message>
        <source>{path} is damaged: {key!r} is not an array; {source}.</source>
        <translation>{path} ist beschädigt: {key!r} ist kein Feld von Zahlen; {source}.</translation>
    </message>
    <message>
        <source>{path} is damaged: {where}: {fault}.</source>
        <translation>{path} ist beschädigt: {where}: {fault}.</translation>
    </message>
    <message>
        <source>{path} is not a MANO file: it holds no table of arrays; {source}.</source>
        <translation>{path} ist keine MANO-Datei: Sie enthält keine Tabelle von Zahlenfeldern; {source}.</translation>
    </message>
    <message>
        <source>{path} is not a MANO hand: it lacks {key!r}; {source}.</source>
        <translation>{path} ist keine Hand von MANO: Es fehlt {key!r}; {source}.</translation>
    </message>
    <message>
        <source>{path} is not a MANO hand: its faces or its joints are joined otherwise; {source}.</source>
        <translation>{path} ist keine Hand von MANO: Ihre Dreiecke oder Gelenke hängen anders zusammen; {source}.</translation>
    </message>
    <message>
        <source>{path} is not a MANO hand: {key!r} is {dtype} {shape}, not numbers {wanted}; {source}.</source>
        <translation>{path} ist keine Hand von MANO: {key!r} ist {dtype} {shape}, nicht Zahlen {wanted}; {source}.</translation>
    </message>
    <message>
        <source>{path} is not a journal of hands, or it was damaged at its beginning.</source>
        <translation>{path} ist kein Journal von Händen, oder es wurde an seinem Anfang beschädigt.</translation>
    </message>
    <message>
        <source>{path} is {damage}; `sessions recover` saves what can be read.</source>
        <translation>{path} ist {damage}; `sessions recover` rettet, was lesbar ist.</translation>
    </message>
    <message>
        <source>{path} was refused before anything in it ran: it asks for {asked}, which no hand model needs; {source}.</source>
        <translation>{path} wurde abgelehnt, bevor etwas darin lief: Die Datei verlangt {asked}, was kein Handmodell braucht; {source}.</translation>
    </message>
    <message>
        <source>{path} was {damage}; the rest was lost before it was recovered.</source>
        <translation>{path} war {damage}; der Rest ging verloren, bevor wiederhergestellt wurde.</translation>
    </message>
    <message>
        <source>{percent:.0f} %</source>
        <translation>{percent:.0f} %</translation>
    </message>
    <message>
        <source>{rate:.3g}/s</source>
        <translation>{rate:.3g}/s</translation>
    </message>
    <message>
        <source>{reader} reads crops of {size} x {size} bytes RGB, not {dtype} {names}; crop the hands as `tracking.cropper` does.</source>
        <translation>{reader} liest Ausschnitte von {size} x {size} Bytes RGB, nicht {dtype} {names}; Hände sind auszuschneiden, wie `tracking.cropper` es tut.</translation>
    </message>
    <message>
        <source>{seconds:.1f} of {all:.1f} s</source>
        <translation>{seconds:.1f} von {all:.1f} s</translation>
    </message>
    <message>
        <source>{size:.1f} GB</source>
        <translation>{size:.1f} GB</translation>
    </message>
    <message>
        <source>{size:.1f} MB</source>
        <translation>{size:.1f} MB</translation>
    </message>
    <message>
        <source>{size:.1f} TB</source>
        <translation>{size:.1f} TB</translation>
    </message>
    <message>
        <source>{size:.1f} kB</source>
        <translation>{size:.1f} kB</translation>
    </message>
    <message>
        <source>{size}, {rate:.0f} frames/s</source>
        <translation>{size}, {rate:.0f} Bilder/s</translation>
    </message>
    <message>
        <source>{size}, {rate:.0f} of {nominal:.0f} frames/s</source>
        <translation>{size}, {rate:.0f} von {nominal:.0f} Bildern/s</translation>
    </message>
    <message>
        <source>{text!r} is no address: write HOST:PORT, such as {host}:39539, or a PORT.</source>
        <translation>{text!r} ist keine Adresse: HOST:PORT, etwa {host}:39539, oder ein PORT.</translation>
    </message>
    <message>
        <source>{text} is no camera mode; write size, rate and pixel format as 1280x720@30:MJPG, any of them alone as 1280x720, @30 or :MJPG, or driver.</source>
        <translation>{text} ist kein Kameramodus; Größe, Rate und Pixelformat werden als 1280x720@30:MJPG geschrieben, einzelne davon als 1280x720, @30 oder :MJPG, nichts davon als driver.</translation>
    </message>
    <message>
        <source>{tracked:.0f} of {rate:.0f} frames/s tracked, {age:.0f} ms old (95 %)</source>
        <translation>{tracked:.0f} von {rate:.0f} Bildern/s verfolgt, {age:.0f} ms alt (95 %)</translation>
    </message>
    <message>
        <source>{value:.2f}</source>
        <translation>{value:.2f}</translation>
    </message>
    <message>
        <source>{video_file} of {path} is cut off; `sessions recover` fixes it.</source>
        <translation>{video_file} von {path} ist abgeschnitten; `sessions recover` behebt es.</translation>
    </message>
    <message>
        <source>{videos} passed over in {folder} ({names}), because a folder with images in it is read as images; move the images away, or name the videos.</source>
        <translation>{videos} in {folder} übergangen ({names}), weil ein Ordner mit Bildern als Bilder gelesen wird; die Bilder woandershin legen, oder die Videos nennen.</translation>
    </message>
    <message>
        <source>{weights} holds weights of {other}, not of {name}; name that model.</source>
        <translation>{weights} enthält Gewichte von {other}, nicht von {name}; bitte jenes Modell nennen.</translation>
    </message>
    <message>
        <source>{what} could not be read within {patience:.0f} s; it was not opened.</source>
        <translation>{what} war nicht innerhalb von {patience:.0f} s lesbar und wurde nicht geöffnet.</translation>
    </message>
    <message>
        <source>{what} is damaged in a way that crashes what reads it ({how}); it was not opened.</source>
        <translation>{what} ist so beschädigt, dass abstürzt, was sie liest ({how}); sie wurde nicht geöffnet.</translation>
    </message>
    <message>
        <source>{what} needs the extra {extra!r}, which is not installed{reason}: `{remedy}` brings it.</source>
        <translation>{what} braucht das Extra {extra!r}, das nicht installiert ist{reason}: `{remedy}` bringt es.</translation>
    </message>
    <message>
        <source>{what} needs the extra {extra!r}, which this bundle lacks and cannot be given{reason}: with the wheel of the same release, `{remedy}` installs Bothhands with it.</source>
        <translation>{what} braucht das Extra {extra!r}, das diesem Paket fehlt und nicht dazukommen kann{reason}: Mit dem Wheel derselben Ausgabe installiert `{remedy}` Bothhands mit ihm.</translation>
    </message>
    <message>
        <source>{width}x{height} px</source>
        <translation>{width}x{height} px</translation>
    </message>
</context>
<context>
    <name>SessionActions</name>
    <message>
        <source>Not now</source>
        <translation>Nicht jetzt</translation>
    </message>
    <message>
        <source>Open a recorded session</source>
        <translation>Aufgenommene Sitzung öffnen</translation>
    </message>
    <message>
        <source>Recover</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>Recovering {name}…</source>
        <translation>{name} wird wiederhergestellt…</translation>
    </message>
    <message>
        <source>Replay</source>
        <translation>Abspielen</translation>
    </message>
    <message>
        <source>The recording lies in {folder}.</source>
        <translation>Die Aufnahme liegt in {folder}.</translation>
    </message>
    <message>
        <source>The recording {names} was cut off by a crash. It can be recovered up to its last second.</source>
        <translation>Die Aufnahme {names} wurde durch einen Absturz abgeschnitten. Sie lässt sich bis auf ihre letzte Sekunde wiederherstellen.</translation>
    </message>
    <message>
        <source>{count} recordings were cut off by a crash: {names}. They can be recovered up to their last second.</source>
        <translation>{count} Aufnahmen wurden durch einen Absturz abgeschnitten: {names}. Sie lassen sich bis auf ihre letzte Sekunde wiederherstellen.</translation>
    </message>
</context>
<context>
    <name>SessionBrowser</name>
    <message>
        <source>Bothhands: sessions</source>
        <translation>Bothhands: Sitzungen</translation>
    </message>
    <message>
        <source>Export…</source>
        <translation>Export…</translation>
    </message>
    <message>
        <source>It can be taken out of the bin again (Del)</source>
        <translation>Lässt sich aus dem Papierkorb zurückholen (Entf)</translation>
    </message>
    <message>
        <source>Look at it, run other models over it, export it (Enter)</source>
        <translation>Ansehen, andere Modelle anwenden, exportieren (Eingabetaste)</translation>
    </message>
    <message>
        <source>Move to the bin</source>
        <translation>In den Papierkorb</translation>
    </message>
    <message>
        <source>Read the folder again</source>
        <translation>Den Ordner neu lesen</translation>
    </message>
    <message>
        <source>Reading {folder}…</source>
        <translation>{folder} wird gelesen…</translation>
    </message>
    <message>
        <source>Recover</source>
        <translation>Wiederherstellen</translation>
    </message>
    <message>
        <source>Refresh</source>
        <translation>Aktualisieren</translation>
    </message>
    <message>
        <source>Replay</source>
        <translation>Abspielen</translation>
    </message>
    <message>
        <source>Save what can be read of a recording that was cut off</source>
        <translation>Retten, was von einer abgeschnittenen Aufnahme lesbar ist</translation>
    </message>
    <message>
        <source>Search names, notes, models, dates</source>
        <translation>Nach Name, Notiz, Modell oder Datum suchen</translation>
    </message>
    <message>
        <source>Search sessions</source>
        <translation>Sitzungen suchen</translation>
    </message>
    <message>
        <source>Sessions</source>
        <translation>Sitzungen</translation>
    </message>
    <message>
        <source>Show folder</source>
        <translation>Ordner zeigen</translation>
    </message>
    <message>
        <source>Show its files</source>
        <translation>Die Dateien zeigen</translation>
    </message>
    <message>
        <source>Shows the sessions that have all these words</source>
        <translation>Zeigt die Sitzungen, die alle diese Wörter enthalten</translation>
    </message>
    <message>
        <source>There are no recordings in {folder}.</source>
        <translation>In {folder} gibt es keine Aufnahmen.</translation>
    </message>
    <message>
        <source>To Blender, game engines, tables or a video</source>
        <translation>Für Blender, Spiele-Engines, als Tabelle oder Video</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>Rückgängig</translation>
    </message>
    <message>
        <source>{name} could not be moved to the bin; nothing was deleted. Show folder leads to it.</source>
        <translation>{name} ließ sich nicht in den Papierkorb verschieben; nichts wurde gelöscht. „Ordner zeigen“ führt dorthin.</translation>
    </message>
    <message>
        <source>{name} could not be taken out of the bin: {error}</source>
        <translation>{name} konnte nicht aus dem Papierkorb geholt werden: {error}</translation>
    </message>
    <message>
        <source>{name} is in the bin.</source>
        <translation>{name} liegt im Papierkorb.</translation>
    </message>
    <message>
        <source>{name} is in the bin: {place}.</source>
        <translation>{name} liegt im Papierkorb: {place}.</translation>
    </message>
    <message>
        <source>{name} is open in a replay; close that first.</source>
        <translation>{name} ist in einer Wiedergabe geöffnet; die muss erst geschlossen werden.</translation>
    </message>
    <message numerus="yes">
        <source>{read} of %n sessions read…</source>
        <translation><numerusform>{read} von %n Sitzung gelesen…</numerusform><numerusform>{read} von %n Sitzungen gelesen…</numerusform></translation>
    </message>
    <message numerus="yes">
        <source>{shown} of %n sessions in {folder}</source>
        <translation><numerusform>{shown} von %n Sitzung in {folder}</numerusform><numerusform>{shown} von %n Sitzungen in {folder}</numerusform></translation>
    </message>
</context>
<context>
    <name>SetupPage</name>
    <message>
        <source>Check of this setup</source>
        <translation>Prüfung des Aufbaus</translation>
    </message>
    <message>
        <source>Check this setup</source>
        <translation>Aufbau prüfen</translation>
    </message>
    <message>
        <source>Close this page; Help &gt; Check this setup… opens it again</source>
        <translation>Schließt diese Seite; Hilfe &gt; Aufbau prüfen… öffnet sie wieder</translation>
    </message>
    <message>
        <source>Done</source>
        <translation>Fertig</translation>
    </message>
    <message>
        <source>Done with the check of this setup</source>
        <translation>Fertig mit der Prüfung des Aufbaus</translation>
    </message>
    <message>
        <source>Good while each hand is {least:.0f} to {most:.0f} % of the image's height; left is too far, right is too near</source>
        <translation>Gut, solange jede Hand {least:.0f} bis {most:.0f} % der Bildhöhe einnimmt; links ist zu fern, rechts zu nah</translation>
    </message>
    <message>
        <source>Hold both hands before the camera as you will use them.</source>
        <translation>Beide Hände so vor die Kamera halten, wie sie später gebraucht werden.</translation>
    </message>
    <message>
        <source>How near the hands are</source>
        <translation>Wie nah die Hände sind</translation>
    </message>
    <message>
        <source>far</source>
        <translation>fern</translation>
    </message>
    <message>
        <source>near</source>
        <translation>nah</translation>
    </message>
    <message>
        <source>needs attention</source>
        <translation>braucht Aufmerksamkeit</translation>
    </message>
    <message>
        <source>not known yet</source>
        <translation>noch nicht bekannt</translation>
    </message>
    <message>
        <source>ok</source>
        <translation>in Ordnung</translation>
    </message>
</context>
<context>
    <name>ShortcutEditor</name>
    <message>
        <source>All as at the first start</source>
        <translation>Alles wie beim ersten Start</translation>
    </message>
    <message>
        <source>Bothhands: keys</source>
        <translation>Bothhands: Tasten</translation>
    </message>
    <message>
        <source>Click a field and press the new key. It holds at once.</source>
        <translation>In ein Feld klicken und die neue Taste drücken. Sie gilt sofort.</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>Schließen</translation>
    </message>
    <message>
        <source>Key for: {title}</source>
        <translation>Taste für: {title}</translation>
    </message>
    <message>
        <source>No key for: {title}</source>
        <translation>Keine Taste für: {title}</translation>
    </message>
    <message>
        <source>None</source>
        <translation>Keine</translation>
    </message>
    <message>
        <source>{command} has no key any more.</source>
        <translation>„{command}“ hat keine Taste mehr.</translation>
    </message>
</context>
<context>
    <name>SmoothingPlot</name>
    <message>
        <source>Hand of the plot</source>
        <translation>Hand der Kurve</translation>
    </message>
    <message>
        <source>Index, bent</source>
        <translation>Zeigefinger (°)</translation>
    </message>
    <message>
        <source>Little, bent</source>
        <translation>Kleiner Finger (°)</translation>
    </message>
    <message>
        <source>Measured and smoothed</source>
        <translation>Gemessen und geglättet</translation>
    </message>
    <message>
        <source>Middle, bent</source>
        <translation>Mittelfinger (°)</translation>
    </message>
    <message>
        <source>No such hand in view</source>
        <translation>Diese Hand ist nicht zu sehen</translation>
    </message>
    <message>
        <source>Ring, bent</source>
        <translation>Ringfinger (°)</translation>
    </message>
    <message>
        <source>The thin line is what was measured, the thick one what is shown, over the last four seconds</source>
        <translation>Die dünne Linie ist gemessen, die dicke wird gezeigt, über die letzten vier Sekunden</translation>
    </message>
    <message>
        <source>Thumb, bent</source>
        <translation>Daumen (°)</translation>
    </message>
    <message>
        <source>What the plot shows</source>
        <translation>Was die Kurve zeigt</translation>
    </message>
    <message>
        <source>Wrist, distance</source>
        <translation>Hand, Abstand</translation>
    </message>
    <message>
        <source>Wrist, sideways</source>
        <translation>Hand, seitlich</translation>
    </message>
    <message>
        <source>Wrist, up and down</source>
        <translation>Hand, auf und ab</translation>
    </message>
    <message>
        <source>jitter {raw:.1f} → {smoothed:.1f} {unit}</source>
        <translation>Zittern {raw:.1f} → {smoothed:.1f} {unit}</translation>
    </message>
</context>
<context>
    <name>SourceActions</name>
    <message>
        <source>Camera found: use {name}?</source>
        <translation>Kamera gefunden: {name} verwenden?</translation>
    </message>
    <message>
        <source>Not now</source>
        <translation>Nicht jetzt</translation>
    </message>
    <message>
        <source>Open a folder of images</source>
        <translation>Bildordner öffnen</translation>
    </message>
    <message>
        <source>Open a video or an image</source>
        <translation>Video oder Bild öffnen</translation>
    </message>
    <message>
        <source>Use it</source>
        <translation>Verwenden</translation>
    </message>
    <message>
        <source>Videos and images ({patterns});;All files (*)</source>
        <translation>Videos und Bilder ({patterns});;Alle Dateien (*)</translation>
    </message>
</context>
<context>
    <name>StreamPanel</name>
    <message>
        <source>Address of the stream: {name}</source>
        <translation>Adresse des Streams: {name}</translation>
    </message>
    <message>
        <source>Finger bones for avatars: VSeeFace, Warudo, Unity, …</source>
        <translation>Fingerknochen für Avatare: VSeeFace, Warudo, Unity, …</translation>
    </message>
    <message>
        <source>Frames to {address} are lost</source>
        <translation>Bilder an {address} gehen verloren</translation>
    </message>
    <message>
        <source>HOST:PORT to send to; several with commas between</source>
        <translation>HOST:PORT als Ziel; mehrere durch Kommas getrennt</translation>
    </message>
    <message>
        <source>Hands for web pages, over WebSocket</source>
        <translation>Hände für Webseiten, über WebSocket</translation>
    </message>
    <message>
        <source>It has ended; the message over the video says why.</source>
        <translation>Er ist beendet; die Meldung über dem Video sagt, warum.</translation>
    </message>
    <message>
        <source>Joints and parameters as plain OSC messages</source>
        <translation>Gelenke und Parameter als einfache OSC-Nachrichten</translation>
    </message>
    <message>
        <source>On {address}</source>
        <translation>Auf {address}</translation>
    </message>
    <message>
        <source>Starting…</source>
        <translation>Startet…</translation>
    </message>
    <message>
        <source>Stream: {name}</source>
        <translation>Stream: {name}</translation>
    </message>
    <message>
        <source>The video with the hands, as a webcam</source>
        <translation>Das Video mit den Händen, als Webcam</translation>
    </message>
    <message>
        <source>To {address}</source>
        <translation>An {address}</translation>
    </message>
    <message>
        <source>Virtual camera</source>
        <translation>Virtuelle Kamera</translation>
    </message>
    <message>
        <source>[HOST:]PORT at which pages connect; without a host, from this machine only</source>
        <translation>[HOST:]PORT, mit dem sich Seiten verbinden; ohne Host nur von diesem Rechner aus</translation>
    </message>
</context>
<context>
    <name>Texts</name>
    <message>
        <source>A camera of 640x480 px or more shows the fingers better.</source>
        <translation>Eine Kamera mit mindestens 640x480 px zeigt die Finger besser.</translation>
    </message>
    <message>
        <source>A clip is playing: plug in a camera and choose it under Source.</source>
        <translation>Ein Clip läuft: eine Kamera anschließen und unter Quelle wählen.</translation>
    </message>
    <message>
        <source>A plain background and bare wrists help.</source>
        <translation>Ein ruhiger Hintergrund und freie Handgelenke helfen.</translation>
    </message>
    <message>
        <source>All looks alike: wipe the lens, or take its cover off.</source>
        <translation>Alles sieht gleich aus: Linse abwischen oder Abdeckung abnehmen.</translation>
    </message>
    <message>
        <source>Being recorded now</source>
        <translation>Wird gerade aufgenommen</translation>
    </message>
    <message>
        <source>Camera</source>
        <translation>Kamera</translation>
    </message>
    <message>
        <source>Close other programs that use the processor or the graphics card.</source>
        <translation>Andere Programme schließen, die Prozessor oder Grafikkarte belasten.</translation>
    </message>
    <message>
        <source>Close other programs, or choose a faster model: Model &gt; Compare the models.</source>
        <translation>Andere Programme schließen oder ein schnelleres Modell wählen: Modell &gt; Modelle vergleichen.</translation>
    </message>
    <message>
        <source>Cut off by a crash; Recover completes it</source>
        <translation>Durch einen Absturz abgeschnitten; Wiederherstellen vervollständigt sie</translation>
    </message>
    <message>
        <source>Damaged; Recover saves what can be read</source>
        <translation>Beschädigt; Wiederherstellen rettet, was lesbar ist</translation>
    </message>
    <message>
        <source>Dim the light, or turn the lamp away from your hands.</source>
        <translation>Das Licht dimmen oder die Lampe von den Händen wegdrehen.</translation>
    </message>
    <message>
        <source>Distance</source>
        <translation>Abstand</translation>
    </message>
    <message>
        <source>From capture to paint, over the last two seconds; the screen's own delay comes on top.</source>
        <translation>Von der Aufnahme bis zur Anzeige, über die letzten zwei Sekunden; die Verzögerung des Bildschirms kommt hinzu.</translation>
    </message>
    <message>
        <source>Good.</source>
        <translation>Gut.</translation>
    </message>
    <message>
        <source>Good: stay like that.</source>
        <translation>Gut: so bleiben.</translation>
    </message>
    <message>
        <source>Hold both hands whole in the image: a little farther away, or nearer to its middle.</source>
        <translation>Beide Hände ganz ins Bild halten: etwas weiter weg oder näher zur Mitte.</translation>
    </message>
    <message>
        <source>Hold it ({gesture}) to end the recording… {held:.0%}</source>
        <translation>Halten ({gesture}), um die Aufnahme zu beenden… {held:.0%}</translation>
    </message>
    <message>
        <source>Hold it ({gesture}) to record… {held:.0%}</source>
        <translation>Halten ({gesture}), um aufzunehmen… {held:.0%}</translation>
    </message>
    <message>
        <source>Hold the hands farther apart.</source>
        <translation>Die Hände weiter auseinanderhalten.</translation>
    </message>
    <message>
        <source>Hold them still.</source>
        <translation>Die Hände stillhalten.</translation>
    </message>
    <message>
        <source>Hold your hands nearer to the middle of the image.</source>
        <translation>Die Hände näher zur Bildmitte halten.</translation>
    </message>
    <message>
        <source>If hands jitter, raise Steadiness; if they lag, raise Response.</source>
        <translation>Zittern die Hände, hilft mehr Ruhe; hinken sie nach, mehr Reaktion.</translation>
    </message>
    <message>
        <source>In dim light cameras give fewer frames: add light, or a USB port without a hub.</source>
        <translation>In schwachem Licht liefern Kameras weniger Bilder: mehr Licht, oder ein USB-Anschluss ohne Hub.</translation>
    </message>
    <message>
        <source>Keep both hands whole in the frame, 30 to 80 cm from the camera.</source>
        <translation>Beide Hände ganz im Bild halten, 30 bis 80 cm vor der Kamera.</translation>
    </message>
    <message>
        <source>Let the clip play to see the speed.</source>
        <translation>Den Clip laufen lassen, um das Tempo zu sehen.</translation>
    </message>
    <message>
        <source>Licence: {licence}</source>
        <translation>Lizenz: {licence}</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>Licht</translation>
    </message>
    <message>
        <source>Light from the front, not from behind you.</source>
        <translation>Licht von vorn, nicht von hinten.</translation>
    </message>
    <message>
        <source>Loading {model}, {seconds} s: {reason}.</source>
        <translation>{model} lädt, {seconds} s: {reason}.</translation>
    </message>
    <message>
        <source>Look whether it is plugged in, switched on, and used by no other program.</source>
        <translation>Ist sie angeschlossen, eingeschaltet und von keinem anderen Programm belegt?</translation>
    </message>
    <message>
        <source>Measured as soon as the model is loaded.</source>
        <translation>Wird gemessen, sobald das Modell geladen ist.</translation>
    </message>
    <message>
        <source>Median by stage (95th percentile)</source>
        <translation>Median je Stufe (95. Perzentil)</translation>
    </message>
    <message>
        <source>No frames come from {source}. Is it plugged in, switched on and used by nobody else?</source>
        <translation>Von {source} kommen keine Bilder. Ist die Quelle angeschlossen, eingeschaltet und von niemandem sonst belegt?</translation>
    </message>
    <message>
        <source>No hand in view. Show both hands with the fingers spread, with light from the front, about half a metre away.</source>
        <translation>Keine Hand zu sehen. Beide Hände mit gespreizten Fingern zeigen, mit Licht von vorn, etwa einen halben Meter entfernt.</translation>
    </message>
    <message>
        <source>No source is running. Choose a camera, a video or the demo clip under Source.</source>
        <translation>Keine Quelle läuft. Unter Quelle eine Kamera, ein Video oder den Demo-Clip wählen.</translation>
    </message>
    <message>
        <source>Open both hands and stretch all fingers.</source>
        <translation>Beide Hände öffnen und alle Finger strecken.</translation>
    </message>
    <message>
        <source>Palm from wrist to middle knuckle: {before:.0f} mm before, {now:.0f} mm now ({percent:+.1f} %). Depth goes with size: what was {half_a_metre} mm from the camera is now at {depth:.0f} mm.</source>
        <translation>Handfläche vom Handgelenk zum mittleren Knöchel: vorher {before:.0f} mm, jetzt {now:.0f} mm ({percent:+.1f} %). Die Tiefe richtet sich nach der Größe: Was {half_a_metre} mm vor der Kamera war, ist jetzt bei {depth:.0f} mm.</translation>
    </message>
    <message>
        <source>Plug in a camera and choose it under Source.</source>
        <translation>Eine Kamera anschließen und unter Quelle wählen.</translation>
    </message>
    <message>
        <source>Quick hands need 30 frames/s: add light, or choose a faster camera under Source.</source>
        <translation>Schnelle Hände brauchen 30 Bilder/s: mehr Licht, oder unter Quelle eine schnellere Kamera wählen.</translation>
    </message>
    <message>
        <source>REC {time}</source>
        <translation>REC {time}</translation>
    </message>
    <message>
        <source>Show both hands, about half a metre away.</source>
        <translation>Beide Hände zeigen, etwa einen halben Meter entfernt.</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>Switch on a lamp in front of you, or turn towards the window.</source>
        <translation>Vorn eine Lampe einschalten oder sich zum Fenster drehen.</translation>
    </message>
    <message>
        <source>The camera is being opened.</source>
        <translation>Die Kamera wird geöffnet.</translation>
    </message>
    <message>
        <source>The image is black: take the cover off the lens.</source>
        <translation>Das Bild ist schwarz: die Abdeckung der Linse abnehmen.</translation>
    </message>
    <message>
        <source>The light is behind you: close the curtain, or put a lamp in front of you.</source>
        <translation>Das Licht kommt von hinten: den Vorhang schließen oder vorn eine Lampe aufstellen.</translation>
    </message>
    <message>
        <source>Too far: come nearer, to about half a metre.</source>
        <translation>Zu weit weg: auf etwa einen halben Meter herankommen.</translation>
    </message>
    <message>
        <source>Too near: move your hands back until all fingers stay in the image.</source>
        <translation>Zu nah: die Hände zurücknehmen, bis alle Finger im Bild bleiben.</translation>
    </message>
    <message>
        <source>Turn both palms, or both backs, to the camera.</source>
        <translation>Beide Handflächen oder beide Handrücken zur Kamera drehen.</translation>
    </message>
    <message>
        <source>Waiting for frames.</source>
        <translation>Warten auf Bilder.</translation>
    </message>
    <message>
        <source>age {median:.0f} ms (95 %: {p95:.0f} ms)</source>
        <translation>Alter {median:.0f} ms (95 %: {p95:.0f} ms)</translation>
    </message>
    <message>
        <source>age –</source>
        <translation>Alter –</translation>
    </message>
    <message>
        <source>crop</source>
        <translation>Zuschnitt</translation>
    </message>
    <message>
        <source>dd MMM yyyy, HH:mm:ss</source>
        <translation>d. MMM yyyy, HH:mm:ss</translation>
    </message>
    <message>
        <source>detect</source>
        <translation>Erkennung</translation>
    </message>
    <message>
        <source>fist</source>
        <translation>Faust</translation>
    </message>
    <message>
        <source>landmarks</source>
        <translation>Landmarken</translation>
    </message>
    <message>
        <source>left</source>
        <translation>links</translation>
    </message>
    <message>
        <source>network</source>
        <translation>Netz</translation>
    </message>
    <message>
        <source>network and landmarks</source>
        <translation>Netz und Landmarken</translation>
    </message>
    <message>
        <source>open palm</source>
        <translation>offene Hand</translation>
    </message>
    <message>
        <source>pinch</source>
        <translation>Pinzettengriff</translation>
    </message>
    <message>
        <source>point</source>
        <translation>Zeigen</translation>
    </message>
    <message>
        <source>predicted</source>
        <translation>vorhergesagt</translation>
    </message>
    <message>
        <source>reconstruct</source>
        <translation>Rekonstruktion</translation>
    </message>
    <message>
        <source>render</source>
        <translation>Zeichnen</translation>
    </message>
    <message>
        <source>right</source>
        <translation>rechts</translation>
    </message>
    <message>
        <source>smooth</source>
        <translation>Glättung</translation>
    </message>
    <message>
        <source>thumb up</source>
        <translation>Daumen hoch</translation>
    </message>
    <message>
        <source>to the screen</source>
        <translation>zum Bildschirm</translation>
    </message>
    <message>
        <source>{captured} captured, {tracked} tracked</source>
        <translation>{captured} erfasst, {tracked} verfolgt</translation>
    </message>
    <message>
        <source>{count:.1f} million weights</source>
        <translation>{count:.1f} Millionen Gewichte</translation>
    </message>
    <message>
        <source>{count} dropped</source>
        <translation>{count} ausgelassen</translation>
    </message>
    <message>
        <source>{loading} Hands are shown as soon as it is ready.</source>
        <translation>{loading} Hände erscheinen, sobald es bereit ist.</translation>
    </message>
    <message>
        <source>{name} (no weights: import…)</source>
        <translation>{name} (ohne Gewichte: importieren…)</translation>
    </message>
    <message>
        <source>{size} left</source>
        <translation>{size} frei</translation>
    </message>
    <message>
        <source>{stage}: {median:.1f} ms ({p95:.1f} ms)</source>
        <translation>{stage}: {median:.1f} ms ({p95:.1f} ms)</translation>
    </message>
</context>
<context>
    <name>TransportBar</name>
    <message>
        <source>Loop</source>
        <translation>Wiederholen</translation>
    </message>
    <message>
        <source>One frame back</source>
        <translation>Ein Bild zurück</translation>
    </message>
    <message>
        <source>One frame forward</source>
        <translation>Ein Bild vor</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>Anhalten</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>Abspielen</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>Tempo</translation>
    </message>
    <message>
        <source>Start over at the end</source>
        <translation>Am Ende von vorn beginnen</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>Zeitleiste</translation>
    </message>
    <message>
        <source>frame {number} of {count}</source>
        <translation>Bild {number} von {count}</translation>
    </message>
    <message>
        <source>{speed:g}×</source>
        <translation>{speed:g}×</translation>
    </message>
</context>
<context>
    <name>WeightsActions</name>
    <message>
        <source>Checkpoints (*.pth *.tar *.pt);;All files (*)</source>
        <translation>Checkpoints (*.pth *.tar *.pt);;Alle Dateien (*)</translation>
    </message>
    <message>
        <source>Import the weights of {model}</source>
        <translation>Gewichte von {model} importieren</translation>
    </message>
    <message>
        <source>Importing {name} for {model}…</source>
        <translation>{name} wird für {model} importiert…</translation>
    </message>
    <message>
        <source>The weights of {model} are missing: they come with the project; put its assets folder back.</source>
        <translation>Die Gewichte von {model} fehlen: Sie gehören zum Projekt; sein Ordner assets muss zurück an seinen Platz.</translation>
    </message>
</context>
</TS>
